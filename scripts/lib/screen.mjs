// A pipe that is closed early (npm start | head) must not end the system with a stack trace.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

/** A failure that its message explains: it is shown without a stack trace, with the lines that led to it. */
export class Problem extends Error {
  constructor(message, lines = '') {
    super(message);
    this.name = 'Problem';
    this.lines = lines;
  }
}

export function say(line = '') {
  process.stdout.write(`${line}\n`);
}

export function done(text, since) {
  say(`✔ ${text}${since === undefined ? '' : ` ${seconds(since)}`}`);
}

export function failed(text, since) {
  say(`✘ ${text}${since === undefined ? '' : ` ${seconds(since)}`}`);
}

export function explain(error) {
  const problem = error instanceof Problem;
  if (problem && error.lines) process.stderr.write(`\n${indented(error.lines)}\n`);
  process.stderr.write(`\n✘ ${problem ? error.message : (error?.stack ?? error)}\n`);
}

export function indented(text) {
  return text.trimEnd().replace(/^/gm, '    ');
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
