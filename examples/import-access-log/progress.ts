import { Presets, SingleBar } from 'cli-progress';

import type { Progress } from './import.js';

/** A bar on a terminal; anywhere else a line for what was done. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barOn(stream) : linesOn(stream);
}

function barOn(stream: NodeJS.WriteStream): Progress {
  const format = '{label} {bar} {value}/{total} · {duration_formatted}';
  const bar = new SingleBar({ format, stream, barsize: 30, hideCursor: true }, Presets.shades_classic);
  return {
    start: (label, total) => bar.start(total, 0, { label: label.padEnd(8) }),
    step: (by) => bar.increment(by),
    stop: () => bar.stop(),
  };
}

function linesOn(stream: NodeJS.WritableStream): Progress {
  let [label, total, done] = ['', 0, 0];
  return {
    start: (newLabel, newTotal) => void ([label, total, done] = [newLabel, newTotal, 0]),
    step: (by) => void (done += by),
    stop: () => void stream.write(`${label} ${done}/${total}\n`),
  };
}
