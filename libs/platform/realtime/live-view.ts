import { eventType, type Class, type PolicyMeta } from '#kernel';

/** Whom a stream tells of an event, and what. */
export interface LiveView {
  /** What the stream calls it. */
  readonly name: string;
  readonly event: Class<object>;
  /** Whoever knows to whom it goes, if the event does not say it. */
  readonly from: (abstract new (...args: never[]) => object) | undefined;
  readonly to: (event: never, from: never) => Recipients | Promise<Recipients>;
  readonly view: (event: never, meta: PolicyMeta) => object;
}

/** Ids of users. */
export type Recipients = Iterable<string>;

/** What a stream says of itself. */
const ownNames = ['command', 'reset', 'expired'];

/**
 * Declares what the streams of `GET /realtime` tell of a public event. Several may share a name. The API evaluates it for
 * every event of the class while anybody listens, once an instance; streams are told at least once, each log stream's
 * events in order.
 * @param told.name what the stream calls it, in snake_case
 * @param told.from the class of a provider of this context's API module, which `to` asks
 * @param told.to ids of the users whom it concerns: nobody else is told
 * @param told.view what they are told, in the wire's own names. Give it an id by which a copy is recognised
 * @throws TypeError when the event is private, or the name is none
 */
export function live<E extends object, Port extends object = never>(
  event: Class<E>,
  told: {
    readonly name: string;
    readonly from?: abstract new (...args: never[]) => Port;
    readonly to: (event: E, from: Port) => Recipients | Promise<Recipients>;
    readonly view: (event: E, meta: PolicyMeta) => object;
  },
): LiveView {
  const { name, from, to, view } = told;
  if (!/^[a-z]+(_[a-z]+)*$/.test(name) || ownNames.includes(name))
    throw new TypeError(
      `"${name}" is no name of a live view: use snake_case, and none of ${ownNames.join(', ')}, which streams say themselves`,
    );
  const { name: type, private: isPrivate } = eventType(event);
  if (isPrivate) throw new TypeError(`${type} is private: show a public event to the users whom it concerns`);
  return { name, event, from, to, view };
}
