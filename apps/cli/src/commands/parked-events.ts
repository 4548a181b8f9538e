import type { Command } from 'commander';

import type { Terminal } from '../terminal.js';
import {
  addList,
  addShow,
  apiOf,
  asking,
  operations,
  report,
  withReason,
  withVersion,
  type Asked,
} from './operations.js';

const path = '/ops/parked-events';

interface Acting extends Asked {
  readonly reason?: string;
  readonly seen?: number;
}

export function addParkedEvents(program: Command, terminal: Terminal): void {
  const events = operations(program, 'parked-events', 'deal with events that policies could not handle');

  addList(events, terminal, {
    path,
    description: 'list them, in the order in which they were parked',
    filters: ['state', 'policy', 'type', 'context', 'error', 'sort'],
    columns: [
      ['id', ({ id }) => id],
      ['state', ({ state }) => state],
      ['policy', ({ policy }) => policy],
      ['type', ({ type }) => type],
      ['stream', ({ stream }) => stream],
      ['attempts', ({ attempts }) => attempts],
      ['parked', ({ parked_at: at }) => at],
      ['error', ({ error }) => error],
    ],
    none: 'no event is parked',
  });
  addShow(events, terminal, path, 'show one in full, as it was told');

  withVersion(withReason(asking(events, 'retry <id>', 'have its policy try it again'), false)).action(
    async (id: string, options: Acting) => {
      const { reason, seen } = options;
      const answer = await apiOf(options, terminal).post(`${path}/${encodeURIComponent(id)}/retry`, { reason }, seen);
      report(terminal, options, `${id} is tried again within about a second`, answer);
    },
  );
  withVersion(withReason(asking(events, 'discard <id>', 'have its policy pass it over'), true)).action(
    async (id: string, options: Acting) => {
      const { reason, seen } = options;
      const answer = await apiOf(options, terminal).post(`${path}/${encodeURIComponent(id)}/discard`, { reason }, seen);
      report(terminal, options, `${id} is discarded; its stream goes on`, answer);
    },
  );
}
