import {
  IsIn,
  isISO8601,
  IsObject,
  IsString,
  isUUID,
  Matches,
  maxLength,
  MaxLength,
  MinLength,
  ValidateBy,
} from 'class-validator';

import { all, AtMost, Trimmed } from '#kernel';

import { AccountLinkKinds, Channels, Topics } from './vocabulary.js';

const channelRefusal = {
  message: `a channel must be one of ${Channels.join(', ')}`,
  context: { reason: 'channel_unknown' },
};
const topicRefusal = { message: `a topic must be one of ${Topics.join(', ')}`, context: { reason: 'topic_unknown' } };

export const KnownChannel = (): PropertyDecorator => IsIn(Channels, channelRefusal);
export const KnownTopic = (): PropertyDecorator => IsIn(Topics, topicRefusal);

/** Which channels are wanted, by topic. */
export const ChannelsByTopic = (): PropertyDecorator =>
  all(
    IsObject(),
    ValidateBy({ name: 'topics', validator: { validate: (value) => keysOf(value).every(isTopic) } }, topicRefusal),
    ValidateBy(
      { name: 'channels', validator: { validate: (value) => valuesOf(value).every(isChannelList) } },
      { ...channelRefusal, message: `each topic needs a list without repeats of ${Channels.join(', ')}` },
    ),
  );

/** In lower case, as it stands in routes. */
export const TemplateName = (): PropertyDecorator =>
  Matches(/^[a-z][a-z0-9_]{0,49}$/, {
    message: 'the name of a template must be 1 to 50 of a–z, 0–9 and _, a letter first',
    context: { reason: 'template_name_invalid' },
  });

/** One line: of it a header is made. */
export const Line = (noun: string, most: number): PropertyDecorator =>
  all(
    Trimmed(),
    MinLength(1, {
      message: `the ${noun} must be a text that is not blank`,
      context: { reason: `${noun}_required` },
    }),
    AtMost(noun, most),
    ValidateBy(
      { name: 'oneLine', validator: { validate: (value) => typeof value !== 'string' || !controls.test(value) } },
      { message: `the ${noun} must be one line`, context: { reason: `${noun}_invalid` } },
    ),
  );

/** As many lines as it takes. */
export const Prose = (noun: string, most: number): PropertyDecorator =>
  all(
    MinLength(1, { message: `the ${noun} must be a text that is not empty`, context: { reason: `${noun}_required` } }),
    AtMost(noun, most),
  );

/** Texts by name. */
export const Texts = (noun: string, most: number): PropertyDecorator =>
  all(
    IsObject(),
    ValidateBy(
      { name: 'texts', validator: { validate: (value) => isTexts(value, most) } },
      {
        message: `the ${noun} must be at most 50 texts of at most ${most} characters each, by names of a–z, 0–9 and _`,
        context: { reason: `${noun}_invalid` },
      },
    ),
  );

/** What the sender wants to find again. Nothing here looks into it. */
export const Metadata = (): PropertyDecorator =>
  all(
    IsObject(),
    ValidateBy(
      { name: 'metadata', validator: { validate: (value) => JSON.stringify(value ?? null).length <= 4000 } },
      { message: 'the metadata must have at most 4000 characters of JSON', context: { reason: 'metadata_too_long' } },
    ),
  );

/** Where a message goes. Whether it fits the channel is decided with the channel. */
export const Destination = (): PropertyDecorator => {
  const refusal = {
    message: 'the recipient must be an e-mail address, a phone number or the id of a user',
    context: { reason: 'recipient_invalid' },
  };
  return all(Trimmed(), IsString(refusal), MinLength(1, refusal), MaxLength(254, refusal));
};

export const IsSecretLink = (): PropertyDecorator =>
  all(
    IsObject(),
    ValidateBy(
      { name: 'isSecretLink', validator: { validate: isSecretLink } },
      {
        message:
          `a link must name its kind (${AccountLinkKinds.join(', ')}), its request_id and when it expires_at; ` +
          'or, as labour_invite, the birthing_person_id',
      },
    ),
  );

const controls = /\p{Cc}|[\u2028\u2029]/u;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const keysOf = (value: unknown): readonly string[] => (isObject(value) ? Object.keys(value) : []);
const valuesOf = (value: unknown): readonly unknown[] => (isObject(value) ? Object.values(value) : []);

const isTopic = (key: string): boolean => (Topics as readonly string[]).includes(key);
const isChannel = (value: unknown): boolean => (Channels as readonly unknown[]).includes(value);
const isChannelList = (value: unknown): boolean =>
  Array.isArray(value) && value.every(isChannel) && new Set(value).size === value.length;

const isTexts = (value: unknown, most: number): boolean =>
  keysOf(value).length <= 50 &&
  keysOf(value).every((key) => /^[a-z][a-z0-9_]{0,49}$/.test(key)) &&
  valuesOf(value).every((text) => typeof text === 'string' && maxLength(text, most));

function isSecretLink(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { kind, request_id: requestId, expires_at: expiresAt, birthing_person_id: birthingPersonId, ...rest } = value;
  if (Object.keys(rest).length > 0) return false;
  if (kind === 'labour_invite') return isUUID(birthingPersonId) && requestId === undefined && expiresAt === undefined;
  return (
    (AccountLinkKinds as readonly unknown[]).includes(kind) &&
    isUUID(requestId) &&
    isISO8601(expiresAt) &&
    birthingPersonId === undefined
  );
}
