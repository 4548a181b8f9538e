import type { CloudEvent } from '#platform/messaging/cloud-event.js';

/** What a subscriber remembers of an event that it got. */
export type ToldEvent = Pick<CloudEvent, 'id' | 'streamtype' | 'subject' | 'sequence'>;

export const streamOf = ({ streamtype, subject }: ToldEvent): string => `${streamtype} ${subject}`;

/** Without those that came again, in the order in which they came first. */
export function firstTold<T extends ToldEvent>(events: readonly T[]): T[] {
  const known = new Set<string>();
  return events.filter(({ id }) => !known.has(id) && known.add(id));
}

/** Events that came for the first time when a later one of their stream had come before. */
export function overtaken(events: readonly ToldEvent[]): string[] {
  const last = new Map<string, number>();
  return firstTold(events).flatMap((event) => {
    const stream = streamOf(event);
    const before = last.get(stream) ?? 0;
    const sequence = Number(event.sequence);
    last.set(stream, Math.max(before, sequence));
    return sequence > before ? [] : [`${stream} ${sequence} after ${before}`];
  });
}
