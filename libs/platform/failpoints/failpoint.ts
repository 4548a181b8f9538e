import { setTimeout as delay } from 'node:timers/promises';

type Action = 'kill' | 'stop' | 'throw' | 'delay' | 'spin';

interface Armed {
  readonly name: string;
  readonly label: string | undefined;
  readonly action: Action;
  readonly milliseconds: number;
  readonly at: number | undefined;
  hits: number;
}

const syntax = /^([a-z_.]+)(?:\(([^)]+)\))?=(kill|stop|throw|delay|spin)(?::(\d+))?(?:@(\d+))?$/;
let armed: Armed[] = [];

/**
 * Arms failpoints, for tests of failures: `engine.after_commit=kill@3,engine.before_handle(<command id>)=throw`.
 * Actions: kill and stop (SIGKILL, SIGSTOP to the own process), throw, delay:ms, spin:ms (blocks the event loop).
 * `@n` acts at the n-th hit only.
 * @throws TypeError when the specification cannot be read
 */
export function armFailpoints(specification: string): void {
  armed = specification
    .split(',')
    .filter((entry) => entry.trim())
    .map((entry) => {
      const match = syntax.exec(entry.trim());
      if (!match) throw new TypeError(`FAILPOINTS: "${entry}" is not name(label)=action:ms@n`);
      const [, name, label, action, milliseconds, at] = match;
      return {
        name: name as string,
        label,
        action: action as Action,
        milliseconds: Number(milliseconds ?? 1000),
        at: at === undefined ? undefined : Number(at),
        hits: 0,
      };
    });
}

/** A named place where a test can make the process fail. Nothing but a length check when none is armed. */
export function failpoint(name: string, label?: string): Promise<void> | undefined {
  if (armed.length === 0) return undefined;
  for (const point of armed) {
    if (point.name !== name || (point.label !== undefined && point.label !== label)) continue;
    point.hits++;
    if (point.at === undefined || point.at === point.hits) return act(point);
  }
  return undefined;
}

async function act({ name, action, milliseconds }: Armed): Promise<void> {
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  if (action === 'stop') process.kill(process.pid, 'SIGSTOP');
  if (action === 'throw') throw new Error(`failpoint ${name}`);
  if (action === 'delay') await delay(milliseconds);
  if (action === 'spin') for (const end = performance.now() + milliseconds; performance.now() < end;);
}
