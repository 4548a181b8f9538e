/** Where people reach the service. What follows it are the paths of its pages. */
export class PublicAddress {
  /** @param url such as `https://births.example`, without a path */
  constructor(private readonly url: string) {}

  get home(): string {
    return this.url;
  }

  /** Where a labour is followed. */
  birth(birthingPersonId: string): string {
    return `${this.url}/births/${birthingPersonId}`;
  }

  /** Where it is decided who may follow. */
  subscription(subscriptionId: string): string {
    return `${this.url}/subscriptions/${subscriptionId}`;
  }

  /** The token is in the fragment, which a browser sends to no server: it shows in no log and in no `Referer`. */
  invitation(birthingPersonId: string, token: string): string {
    return `${this.url}/follow/${birthingPersonId}#token=${token}`;
  }
}
