import { commandNamed, declaredFields, eventNamed, type Class, type Field } from '#kernel';

/** What of a message not everybody may read. Names are wire names. */
export interface Confidential {
  readonly secret: readonly Field[];
  readonly personal: readonly Field[];
  /** Names the field with the id of the person whom the personal ones are about. */
  readonly subject: string;
}

const known = new WeakMap<object, Confidential | null>();

/** Undefined for a command that anybody may read, or that this release does not know. */
export const confidentialCommand = (name: string): Confidential | undefined => {
  const command = commandNamed(name);
  return command && confidential(command.type, command.subjectField, ofCommand);
};

/** Undefined for an event that anybody may read, or that this release does not know. */
export const confidentialEvent = (name: string): Confidential | undefined => {
  const event = eventNamed(name);
  return event && confidential(event.type, event.subjectField, ofEvent);
};

type Kinds = (fields: readonly Field[]) => Omit<Confidential, 'subject'>;

/** A secret of a person goes with the end of the command anyway. */
const ofCommand: Kinds = (fields) => ({
  secret: fields.filter(({ secret }) => secret),
  personal: fields.filter(({ personal, secret }) => personal && !secret),
});

/** A secret of a person is forgotten with that person. */
const ofEvent: Kinds = (fields) => ({
  secret: fields.filter(({ secret, personal }) => secret && !personal),
  personal: fields.filter(({ personal }) => personal),
});

function confidential(type: Class<object>, subjectField: string, kinds: Kinds): Confidential | undefined {
  let found = known.get(type);
  if (found === undefined) {
    const fields = declaredFields(type);
    const { secret, personal } = kinds(fields);
    const subject = fields.find(({ property }) => property === subjectField)?.wireName as string;
    found = secret.length + personal.length > 0 ? { secret, personal, subject } : null;
    known.set(type, found);
  }
  return found ?? undefined;
}
