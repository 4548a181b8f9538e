import { afterEach } from '@jest/globals';
import type { Provider, Type } from '@nestjs/common';

import { assertNoOpenStories } from './open-stories.js';
import { Story, type Script, type Step } from './story.js';

/**
 * Begins a story: what has happened, a command, and what follows from it. It runs on the context's production worker
 * module with the real codec, runner and committer over memory. It runs twice, the second time with the handler's first
 * run thrown away, and each time copies of the command follow, which must change nothing.
 * @param doubles in place of ports that reach real servers; by class or factory, so that each run has its own
 */
export function scenario(module: Type, { doubles = [] }: { doubles?: readonly Provider[] } = {}): Scenario {
  return new Scenario({ module, doubles, steps: [] });
}

/** A story before its command. Each method returns another one, so that several tests may share a beginning. */
export class Scenario {
  constructor(private readonly script: Script) {}

  /** These have happened, an hour before the command unless `at` says when. Streams follow from the events. */
  given(...events: readonly object[]): Scenario {
    return this.#after('event', events);
  }

  /** These commands have succeeded. */
  givenCommands(...commands: readonly object[]): Scenario {
    return this.#after('command', commands);
  }

  /** Who asks from here on. By default the message's own `userId` if it has one, else some user. */
  by(id: string, ...roles: readonly string[]): Scenario {
    return this.#with({ by: { id, roles } });
  }

  /** When that is, from here on. */
  at(time: string): Scenario {
    const at = new Date(time);
    if (Number.isNaN(at.getTime())) throw new TypeError(`"${time}" is no time: write 2026-03-01T10:00:00Z`);
    return this.#with({ at });
  }

  /** The version at which whoever asks believes the aggregate to be (`If-Match`). */
  expecting(version: number): Scenario {
    return this.#with({ expecting: version });
  }

  /**
   * The database finds a unique constraint violated by the command's first commits that have events. Memory does not know
   * constraints: that the table has it, an int-spec shows.
   * @param commits 2, after which the runner gives up; 1 where the handler finds a better answer at its second run
   */
  violating(constraint: string, commits: 1 | 2 = 2): Scenario {
    return this.#with({ violation: { constraint, commits } });
  }

  when(command: object): Story {
    return new Story(this.script, command);
  }

  #after(kind: Step['kind'], messages: readonly object[]): Scenario {
    const { steps, at, by } = this.script;
    return this.#with({ steps: [...steps, ...messages.map((message) => ({ kind, message, at, by }))] });
  }

  #with(more: Partial<Script>): Scenario {
    return new Scenario({ ...this.script, ...more });
  }
}

// A story that nobody waits for would pass whatever it tells.
afterEach(assertNoOpenStories);
