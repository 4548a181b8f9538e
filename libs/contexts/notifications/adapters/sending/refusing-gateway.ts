import type { Delivery, MessageGateway } from '../../application/ports.js';

/** Refuses everything for good: there is nobody to hand it to. */
export class RefusingGateway implements MessageGateway {
  constructor(private readonly error: string) {}

  send(): Promise<Delivery> {
    return Promise.resolve({ kind: 'refused', error: this.error, permanent: true });
  }
}
