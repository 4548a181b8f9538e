import { AddressLookup } from '../application/ports.js';

/** One address of somebody who follows, whoever is followed. */
export class InMemoryAddresses extends AddressLookup {
  static readonly known = 'follower@example.org';

  async include(_: string, email: string): Promise<boolean> {
    return email === InMemoryAddresses.known;
  }
}
