// Ends with code 0 if the API or the worker of this container answers that it is well, else with 1.
// `live` (the default) asks whether the process works, `ready` also whether it reaches its servers.

const question = process.argv[2] ?? 'live';
const { HOST = '127.0.0.1', PORT, WORKER_HEALTH_PORT } = process.env;
const hosts = { '0.0.0.0': '127.0.0.1', '::': '[::1]', '': '127.0.0.1' };
const host = hosts[HOST] ?? (HOST.includes(':') ? `[${HOST}]` : HOST);

const answers = await Promise.all([PORT || 8000, WORKER_HEALTH_PORT || 8101].map(ask));
const answered = answers.filter((answer) => answer !== undefined);
process.stdout.write(answered.length > 0 ? `${answered.map(({ text }) => text).join('\n')}\n` : 'nothing listens\n');
process.exitCode = answered.some(({ ok }) => ok) ? 0 : 1;

// A container runs one of the two, so the other port is silent.
async function ask(port) {
  try {
    const answer = await fetch(`http://${host}:${port}/health/${question}`, { signal: AbortSignal.timeout(4000) });
    return { ok: answer.ok, text: `${port}: ${answer.status} ${await answer.text()}` };
  } catch {
    return undefined;
  }
}
