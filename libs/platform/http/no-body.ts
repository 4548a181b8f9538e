import { Message } from '#kernel';

/** The body of a request that needs none: empty, or an object without names. */
export class NoBody extends Message<NoBody> {}
