import { declaredFields, type Class, type Message } from './message.js';

export interface CommandType {
  readonly type: Class<Message<unknown>>;
  /** Wire name, `<context>.<verb_noun>.v<n>`. */
  readonly name: string;
  readonly context: string;
  readonly laneField: string;
  /** The field that holds the id of what it makes or changes, as whoever sends it sees that. */
  readonly resourceField: string;
  /** Whenever it records something, that makes the resource. Otherwise the first event of a stream does. */
  readonly makes: boolean;
  /** The field that holds the id of the person whom its personal fields are about. */
  readonly subjectField: string;
}

export interface EventType {
  readonly type: Class<Message<unknown>>;
  /** Wire name, `<noun>.<past_participle>.v<n>`. */
  readonly name: string;
  readonly streamField: string;
  /** The field that holds the id of the person whom its personal fields are about. */
  readonly subjectField: string;
  /** With it, everything personal of its subject becomes unreadable in the same transaction. */
  readonly forgets: boolean;
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
 * @param options.subject the field with the id of the person whom `@Personal` fields are about; the lane's unless said
 * @param options.resource the field with the id of what it makes or changes, where its aggregate holds several; the lane's unless said
 * @param options.makes whatever it records makes that; unless said, the first event of the aggregate does
 */
export function Command(
  name: string,
  laneField: string,
  options: { subject?: string; resource?: string; makes?: boolean } = {},
): ClassDecorator {
  return (target) => {
    const [, context] = /^([a-z_]+)\.[a-z_]+\.v\d+$/.exec(name) ?? [];
    if (!context) throw new TypeError(`"${name}" is no command name: use <context>.<verb_noun>.v<n>`);
    const type = checked(target, laneField, name, commands);
    const subjectField = options.subject ?? laneField;
    checkSubject(type, subjectField, name);
    const resourceField = options.resource ?? laneField;
    checkField(type, resourceField, name);
    const makes = options.makes ?? false;
    commands.set(name, { type, name, context, laneField, resourceField, makes, subjectField });
    commandsByClass.set(type, commands.get(name) as CommandType);
  };
}

/**
 * Declares an event.
 * @param name wire name, `<noun>.<past_participle>.v<n>`
 * @param streamField the field that holds the aggregate's id
 * @param options.subject the field with the id of the person whom `@Personal` fields are about; the stream's unless said
 * @param options.private it is stored and folded in its own context, never relayed
 * @param options.forgets with it, everything personal of its subject becomes unreadable
 */
export function Event(
  name: string,
  streamField: string,
  options: { subject?: string; private?: boolean; forgets?: boolean } = {},
): ClassDecorator {
  return (target) => {
    if (!/^[a-z_]+\.[a-z_]+\.v\d+$/.test(name))
      throw new TypeError(`"${name}" is no event name: use <noun>.<past_participle>.v<n>`);
    const type = checked(target, streamField, name, events);
    const subjectField = options.subject ?? streamField;
    checkSubject(type, subjectField, name);
    const isPrivate = options.private ?? false;
    if (!isPrivate && declaredFields(type).some(({ secret }) => secret))
      throw new TypeError(`${name} has a @Secret field, and would carry it everywhere: declare it { private: true }`);
    events.set(name, {
      type,
      name,
      streamField,
      subjectField,
      forgets: options.forgets ?? false,
      private: isPrivate,
    });
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
  checkField(type, field, name);
  return type;
}

/** What is personal must be somebody's: without a subject there is no key for it. */
function checkSubject(type: Class<Message<unknown>>, subjectField: string, name: string): void {
  checkField(type, subjectField, name);
  const fields = declaredFields(type);
  const subject = fields.find(({ property }) => property === subjectField);
  if (fields.some(({ personal }) => personal) && (subject?.optional || subject?.nullable))
    throw new TypeError(
      `${name} has @Personal fields, and its subject "${subjectField}" may be absent: let it be there always`,
    );
}

function checkField(type: Class<Message<unknown>>, field: string, name: string): void {
  if (!declaredFields(type).some(({ property }) => property === field))
    throw new TypeError(`${name} has no field "${field}": name one of its decorated fields`);
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

/** The id of what a command makes or changes: its lane's, unless the class says otherwise. */
export function resourceOf(command: object): string {
  const { resourceField } = commandType(command.constructor);
  return (command as Record<string, string>)[resourceField] as string;
}

const nameOf = (type: object): string => (type as { name?: string }).name ?? 'this';
