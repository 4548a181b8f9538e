import { createHmac, timingSafeEqual } from 'node:crypto';

import { Problem } from './problem.js';

/** Where a page ended: the sort key of its last item as text, and the item's id. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

/** Makes and reads opaque cursors. Each is signed for the list that gave it: with its sort, its filters, its reader. */
export class Cursors {
  constructor(private readonly secret: string) {}

  seal(list: readonly unknown[], { key, id }: Position): string {
    const position = Buffer.from(JSON.stringify([key, id])).toString('base64url');
    return `${position}.${this.#mac(list, position).toString('base64url')}`;
  }

  /** @throws Problem 400 `cursor_invalid` */
  open(list: readonly unknown[], cursor: string): Position {
    const [position = '', signature = '', ...rest] = cursor.split('.');
    const expected = this.#mac(list, position);
    const given = Buffer.from(signature, 'base64url');
    if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new Problem({
        code: 'VALIDATION_ERROR',
        reason: 'cursor_invalid',
        detail: 'the cursor is not one that this list, with this sort and these filters, has given: begin without it',
      });
    const [key, id] = JSON.parse(Buffer.from(position, 'base64url').toString('utf8')) as [string, string];
    return { key, id };
  }

  #mac(list: readonly unknown[], position: string): Buffer {
    return createHmac('sha256', this.secret)
      .update(`cursor ${JSON.stringify(list)} ${position}`)
      .digest()
      .subarray(0, 12);
  }
}
