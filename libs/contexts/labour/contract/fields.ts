import { IsEmail, IsString, Length, maxLength, MaxLength, MinLength, ValidateBy } from 'class-validator';

import { all, Trimmed } from '#kernel';

/** How strong a contraction is: 0 to 3 mild, 4 to 7 moderate, 8 to 10 strong. */
export const Intensity = (): PropertyDecorator =>
  ValidateBy(
    { name: 'intensity', validator: { validate: isIntensity } },
    { message: 'the intensity must be a whole number from 0 to 10', context: { reason: 'intensity_invalid' } },
  );

const isIntensity = (value: unknown): boolean => Number.isInteger(value) && 0 <= Number(value) && Number(value) <= 10;

export const Notes = (): PropertyDecorator =>
  all(
    IsString(),
    MaxLength(1000, { message: 'the notes must have at most 1000 characters', context: { reason: 'notes_too_long' } }),
  );

export const MessageText = (): PropertyDecorator =>
  all(
    MinLength(1, { message: 'the message must be a text that is not empty', context: { reason: 'message_required' } }),
    ValidateBy(
      {
        name: 'maxLength',
        constraints: [1000],
        validator: { validate: (value) => typeof value !== 'string' || maxLength(value, 1000) },
      },
      { message: 'the message must have at most 1000 characters', context: { reason: 'message_too_long' } },
    ),
  );

export const LabourName = (): PropertyDecorator =>
  all(
    Trimmed(),
    Length(1, 255, {
      message: 'the name of a labour must have 1 to 255 characters',
      context: { reason: 'labour_name_invalid' },
    }),
  );

export const Address = (): PropertyDecorator => {
  const refusal = { message: 'the email must be an e-mail address', context: { reason: 'email_invalid' } };
  return all(Trimmed(), IsEmail({}, refusal), MaxLength(254, refusal));
};
