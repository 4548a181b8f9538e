import type { Command } from 'commander';

import type { Terminal } from '../terminal.js';
import { addList, addShow, apiOf, asking, operations, report, withReason, type Asked } from './operations.js';

const path = '/ops/dead-messages';

export function addDeadMessages(program: Command, terminal: Terminal): void {
  const messages = operations(program, 'dead-messages', 'look at messages that nobody is known to have sent');

  addList(messages, terminal, {
    path,
    description: 'list them, the last one first',
    filters: ['queue', 'reason', 'sort'],
    columns: [
      ['id', ({ id }) => id],
      ['queue', ({ queue }) => queue],
      ['reason', ({ reason }) => reason],
      ['seen', ({ seen }) => seen],
      ['bytes', ({ size }) => size],
      ['last seen', ({ last_seen_at: at }) => at],
    ],
    none: 'there is no dead message',
  });
  addShow(messages, terminal, path, 'show one, byte by byte');

  withReason(asking(messages, 'discard <id>', 'throw one away'), true).action(
    async (id: string, options: Asked & { reason: string }) => {
      const { reason } = options;
      const answer = await apiOf(options, terminal).post(`${path}/${encodeURIComponent(id)}/discard`, { reason });
      report(terminal, options, `${id} is thrown away`, answer);
    },
  );
}
