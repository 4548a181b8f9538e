import { ArrayUnique, IsArray, isEmail, IsIn, IsString, Length, MaxLength, ValidateBy } from 'class-validator';

import { Trimmed } from '#kernel';

import { ContactMethods, SubscriberRoles } from './vocabulary.js';

const all =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) =>
    decorators.forEach((decorate) => decorate(target, property));

const contactMethodRefusal = {
  message: `the contact methods must be a list without repeats of ${ContactMethods.join(', ')}`,
  context: { reason: 'contact_method_invalid' },
};

/** None at all is a choice, too. */
export const KnownContactMethods = (): PropertyDecorator =>
  all(
    IsArray(contactMethodRefusal),
    IsIn(ContactMethods, { each: true, ...contactMethodRefusal }),
    ArrayUnique(contactMethodRefusal),
  );

export const KnownRole = (): PropertyDecorator =>
  IsIn(SubscriberRoles, {
    message: `the role must be one of ${SubscriberRoles.join(', ')}`,
    context: { reason: 'role_invalid' },
  });

/** As somebody was given it. Whether it is right is asked later. */
export const ShareTokenText = (): PropertyDecorator => all(Trimmed(), IsString(), Length(1, 100));

export function InvitedAddress(): PropertyDecorator {
  const refusal = {
    message: 'the e-mail address must be one, of at most 254 characters',
    context: { reason: 'email_invalid' },
  };
  // Of a long text nothing else is asked: to look for an address in it takes its time.
  const validate = (value: unknown): boolean => typeof value === 'string' && value.length <= 254 && isEmail(value);
  return all(
    Trimmed(),
    ValidateBy({ name: 'isEmail', constraints: [{}], validator: { validate } }, refusal),
    MaxLength(254, refusal),
  );
}
