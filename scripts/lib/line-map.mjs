const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...digits].map((digit, value) => [digit, value]));

/**
 * A source map (version 3) that tells lines without their columns. It is a fraction of the whole one, which takes longer
 * to read than an app to start, and amqplib has it read whenever a channel is closed.
 */
export function lineMap({ version, sources, mappings }) {
  // All but the first of a segment's numbers go on from those of the segment before, in other lines too.
  const seen = { source: 0, line: 0 };
  const told = { source: 0, line: 0 };
  const lines = mappings.split(';').map((segments) => {
    const texts = [];
    let column = 0;
    let toldColumn = 0;
    for (const segment of segments ? segments.split(',') : []) {
      const [columns, source, line] = decoded(segment);
      column += columns;
      if (source === undefined) continue;
      seen.source += source;
      seen.line += line;
      if (texts.length > 0 && seen.source === told.source && seen.line === told.line) continue;
      texts.push(encoded([column - toldColumn, seen.source - told.source, seen.line - told.line, 0]));
      toldColumn = column;
      Object.assign(told, seen);
    }
    return texts.join(',');
  });
  return { version, sources, names: [], mappings: lines.join(';') };
}

function decoded(segment) {
  const numbers = [];
  let number = 0;
  let shift = 0;
  for (const digit of segment) {
    const value = values.get(digit);
    number += (value & 31) << shift;
    shift += 5;
    if (value & 32) continue;
    numbers.push(number & 1 ? -(number >> 1) : number >> 1);
    number = 0;
    shift = 0;
  }
  return numbers;
}

function encoded(numbers) {
  return numbers.map(encodedNumber).join('');
}

function encodedNumber(number) {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const value = rest & 31;
    rest >>>= 5;
    text += digits[rest > 0 ? value | 32 : value];
  } while (rest > 0);
  return text;
}
