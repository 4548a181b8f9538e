import { freePort, isFree } from './ports.mjs';
import { probeHttp, waitFor } from './probes.mjs';
import { end, lastLines, launch } from './processes.mjs';
import { inRoot, node24, root } from './project.mjs';
import { done, Problem } from './screen.mjs';

/**
 * MailDev on 127.0.0.1: takes all mail by SMTP, shows it on a page, and hands none on.
 *
 * @param onExit is told when it ends by itself
 * @returns `smtpUrl`, `url` of the page, `mailTo(address)`, and `stop({ graceMs })`
 */
export async function startMailCatcher({ owner, logFile, onExit }) {
  const started = Date.now();
  const smtp = await port(1025);
  const web = await port(8025, [smtp]);
  const url = `http://127.0.0.1:${web}`;
  const places = ['--ip', '127.0.0.1', '--smtp', smtp, '--web-ip', '127.0.0.1', '--web', web, '--max-emails', 500];
  const program = inRoot('node_modules/maildev/dist/bin/maildev.js');
  const task = launch(node24, [program, ...places.map(String)], { owner, cwd: root, logFile });
  let stopping = false;
  void task.exited.then((exit) => stopping || onExit({ name: 'The mail catcher', logFile, ...exit }));
  const answers = async () => (await probeHttp(`${url}/api/healthz`)) === 200;
  if (!(await waitFor(answers, { timeoutMs: 30_000, everyMs: 100, unless: () => !task.running })))
    throw new Problem(`The mail catcher did not start (log: ${logFile}).`, lastLines(logFile));
  done(`Mail catcher on ${url} (SMTP: ${smtp})`, started);
  return {
    url,
    smtpUrl: `smtp://127.0.0.1:${smtp}`,
    async mailTo(address) {
      const answer = await fetch(`${url}/api/email?sort=desc`).catch(() => undefined);
      const mails = answer?.ok ? await answer.json() : [];
      return mails.find(({ to }) => to?.some((recipient) => recipient.address === address));
    },
    stop({ graceMs }) {
      stopping = true;
      return end(task, { graceMs });
    },
  };
}

async function port(usual, taken = []) {
  return (await isFree(usual)) ? usual : freePort(taken);
}
