import { InvalidMessage } from '#kernel';

/**
 * A body that names at least one field.
 * @throws InvalidMessage `nothing_to_update`
 */
export function changes<Body extends object>(body: Body): Body {
  if (Object.keys(body).length > 0) return body;
  const message = 'no field is given: name at least one that is to change';
  throw new InvalidMessage([{ pointer: '', reason: 'nothing_to_update', message }]);
}
