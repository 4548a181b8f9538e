import { ArrayUnique, IsArray, IsIn, IsString, Length } from 'class-validator';

import { all, Trimmed } from '#kernel';

import { ContactMethods, SubscriberRoles } from './vocabulary.js';

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
