import { Presets, SingleBar } from 'cli-progress';

import type { Progress } from './import.js';

const LINES_PER_PHASE = 4;

/** A bar on a terminal; anywhere else a plain line at every quarter. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barOn(stream) : linesOn(stream);
}

function barOn(stream: NodeJS.WriteStream): Progress {
  const format = '{label} {bar} {value}/{total} · {duration_formatted}';
  const bar = new SingleBar({ format, stream, barsize: 30, hideCursor: true }, Presets.shades_classic);
  return {
    start: (label, total) => bar.start(total, 0, { label: label.padEnd(8) }),
    step: () => bar.increment(),
    stop: () => bar.stop(),
  };
}

function linesOn(stream: NodeJS.WritableStream): Progress {
  let label = '';
  let total = 0;
  let done = 0;
  return {
    start: (newLabel, newTotal) => {
      [label, total, done] = [newLabel, newTotal, 0];
    },
    step: () => {
      done += 1;
      if (done === total || done % Math.ceil(total / LINES_PER_PHASE) === 0)
        stream.write(`${label} ${done}/${total}\n`);
    },
    stop: () => undefined,
  };
}
