import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PassThrough, Writable, type Readable } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { GatheredWrites } from './gathered-writes.js';

/** The part of amqplib whose order the gathering depends on; it has no types. */
const require = createRequire(import.meta.url);
const { Mux } = require(join(dirname(require.resolve('amqplib')), 'lib/mux.js')) as {
  Mux: new (socket: Writable) => { pipeFrom(channel: Readable): void };
};

/** What the system is handed at once, as often as it is. */
function socket() {
  const calls: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      calls.push(chunk.toString());
      done();
    },
    writev: (chunks, done) => {
      calls.push(chunks.map(({ chunk }) => (chunk as Buffer).toString()).join(''));
      done();
    },
  });
  return { calls, stream };
}

/** A channel of amqplib that writes to it. */
function channelTo(stream: Writable): PassThrough {
  const channel = new PassThrough({ objectMode: true });
  new Mux(stream).pipeFrom(channel);
  return channel;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

describe('Messages of one turn', () => {
  it('go out together, however they came', async () => {
    const { calls, stream } = socket();
    const channel = channelTo(stream);
    const writes = new GatheredWrites(stream);
    for (const message of ['a', 'b']) {
      writes.begin();
      channel.write(Buffer.from(message));
    }
    await Promise.resolve();
    writes.begin();
    channel.write(Buffer.from('c'));
    await nextTurn();
    expect(calls).toEqual(['abc']);
    writes.begin();
    channel.write(Buffer.from('d'));
    await nextTurn();
    expect(calls).toEqual(['abc', 'd']);
  });

  it('go out, too, where the socket is not known', async () => {
    const { calls, stream } = socket();
    const channel = channelTo(stream);
    new GatheredWrites(undefined).begin();
    channel.end(Buffer.from('a'));
    await once(channel, 'end');
    expect(calls).toEqual(['a']);
  });
});
