import type { Type } from '@nestjs/common';

import type { AuthenticatedUser } from '../auth/authenticated-user.js';

/** Reads one kind of resource for whoever may see it. */
export interface ResourceQueries<View extends object = object> {
  /** @returns undefined when there is none, or the reader may not know of it */
  byId(id: string, reader: AuthenticatedUser): Promise<View | undefined>;
}

/** One kind of resource: how it is shown, and who reads it. */
export interface Resource {
  /** A message class: its fields are the schema, and its `version` is the entity tag. */
  readonly view: Type;
  readonly queries: Type<ResourceQueries>;
  /** Names the phase that the view is in, if time alone changes what it shows: part of its entity tag. */
  readonly phase?: (view: never) => string | undefined;
  /** Path that its ids stand behind, where it is not that of the route which makes it: `/api/v1/users`. */
  readonly path?: string;
  /** There is one of it, where the route is: whoever changes it first has made nothing. */
  readonly alone?: true;
}
