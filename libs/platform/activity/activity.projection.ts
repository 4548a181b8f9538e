import { declaredFields, eventNamed, everyEvent, projection, type LogMeta } from '#kernel';

import { ActivityRow } from './activity.entity.js';

/**
 * What happens everywhere: all contexts' public events, without what they say. Texts are left out, marked as personal or
 * not, so that whoever is forgotten is forgotten here too.
 */
export const activity = projection('platform.activity', ActivityRow, {
  inline: false,
  key: (_, { id }) => id,
  fold: everyEvent((_, data, meta: LogMeta) => ({
    id: meta.id,
    type: meta.type,
    context: meta.streamType.split('.', 1)[0] as string,
    streamType: meta.streamType,
    streamId: meta.streamId,
    streamVersion: meta.version,
    actor: meta.actor,
    ids: idsOf(meta.type, data),
    occurredAt: meta.occurredAt,
  })),
});

/** Of an event that only a newer release knows: none. */
function idsOf(type: string, data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const known = eventNamed(type);
  if (!known) return {};
  const ids = declaredFields(known.type).filter(({ id, personal, secret }) => id && !personal && !secret);
  return Object.fromEntries(
    ids.filter(({ wireName }) => data[wireName] !== undefined).map(({ wireName }) => [wireName, data[wireName]]),
  );
}
