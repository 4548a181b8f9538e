import { Privacy } from '#platform/privacy/privacy.js';

const absent = (): never => {
  throw new Error('nothing is sealed here');
};

/** Leaves what commands say readable, for stories that tell what was said. */
export class PlainPrivacy extends Privacy {
  constructor() {
    super({ seal: absent, open: absent }, { ensure: absent, find: absent, forget: absent });
  }

  override sealCommand(...[, wire]: Parameters<Privacy['sealCommand']>): ReturnType<Privacy['sealCommand']> {
    return wire;
  }
}
