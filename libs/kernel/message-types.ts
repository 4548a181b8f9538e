import { declaredFields, type Class, type Message } from './message.js';

export interface CommandType {
  readonly type: Class<Message<unknown>>;
  /** Wire name, `<context>.<verb_noun>.v<n>`. */
  readonly name: string;
  readonly context: string;
  readonly laneField: string;
}

export interface EventType {
  readonly type: Class<Message<unknown>>;
  /** Wire name, `<noun>.<past_participle>.v<n>`. */
  readonly name: string;
  readonly streamField: string;
  /** Stored and folded in its own context, never relayed. */
  readonly private: boolean;
}

const commands = new Map<string, CommandType>();
const commandsByClass = new WeakMap<object, CommandType>();
const events = new Map<string, EventType>();
const eventsByClass = new WeakMap<object, EventType>();

/**
 * Declares a command.
 * @param name wire name, `<context>.<verb_noun>.v<n>`
 * @param laneField the field that orders commands: the aggregate's id, or an id that every command of that aggregate shares
 */
export function Command(name: string, laneField: string): ClassDecorator {
  return (target) => {
    const [, context] = /^([a-z_]+)\.[a-z_]+\.v\d+$/.exec(name) ?? [];
    if (!context) throw new TypeError(`"${name}" is no command name: use <context>.<verb_noun>.v<n>`);
    const type = checked(target, laneField, name, commands);
    commands.set(name, { type, name, context, laneField });
    commandsByClass.set(type, commands.get(name) as CommandType);
  };
}

/**
 * Declares an event.
 * @param name wire name, `<noun>.<past_participle>.v<n>`
 * @param streamField the field that holds the aggregate's id
 */
export function Event(name: string, streamField: string, options: { private?: boolean } = {}): ClassDecorator {
  return (target) => {
    if (!/^[a-z_]+\.[a-z_]+\.v\d+$/.test(name))
      throw new TypeError(`"${name}" is no event name: use <noun>.<past_participle>.v<n>`);
    const type = checked(target, streamField, name, events);
    events.set(name, { type, name, streamField, private: options.private ?? false });
    eventsByClass.set(type, events.get(name) as EventType);
  };
}

function checked(
  target: object,
  field: string,
  name: string,
  known: ReadonlyMap<string, unknown>,
): Class<Message<unknown>> {
  const type = target as Class<Message<unknown>>;
  if (known.has(name)) throw new TypeError(`${name} is declared twice: give one of the two another name or version`);
  if (!declaredFields(type).some(({ property }) => property === field))
    throw new TypeError(`${name} has no field "${field}": name one of its decorated fields`);
  return type;
}

/** All commands that this process knows, by wire name. */
export const allCommands = (): readonly CommandType[] => [...commands.values()];
/** All events that this process knows, by wire name. */
export const allEvents = (): readonly EventType[] => [...events.values()];

export const commandNamed = (name: string): CommandType | undefined => commands.get(name);
export const eventNamed = (name: string): EventType | undefined => events.get(name);

/** @throws TypeError when the class is not declared with `@Command` */
export function commandType(type: object): CommandType {
  const found = commandsByClass.get(type);
  if (!found) throw new TypeError(`${nameOf(type)} is no command: declare it with @Command(name, laneField)`);
  return found;
}

/** @throws TypeError when the class is not declared with `@Event` */
export function eventType(type: object): EventType {
  const found = eventsByClass.get(type);
  if (!found) throw new TypeError(`${nameOf(type)} is no event: declare it with @Event(name, streamField)`);
  return found;
}

/** The id that orders a command: what its lane field holds. */
export function laneOf(command: object): string {
  const { laneField } = commandType(command.constructor);
  return (command as Record<string, string>)[laneField] as string;
}

const nameOf = (type: object): string => (type as { name?: string }).name ?? 'this';
