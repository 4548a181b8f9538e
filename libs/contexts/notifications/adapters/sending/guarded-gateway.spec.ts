import { describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';

import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import { linkPlaceholder } from '../../contract/index.js';
import { ProviderAway, type Carrier } from './carrier.js';
import { GuardedGateway } from './guarded-gateway.js';
import { LinkingGateway } from './linking-gateway.js';

const accepted: Delivery = { kind: 'accepted', externalId: 'x' };
const message: OutgoingMessage = {
  notificationId: newId(),
  recipient: 'ada@example.org',
  title: 'Welcome',
  message: 'Hello',
  attempt: 1,
  listUnsubscribe: false,
};
const soon = (): AbortSignal => AbortSignal.timeout(1_000);

/** Does in turn what it is told, the last for ever, and writes down what it got. */
class ScriptedCarrier implements Carrier {
  readonly got: OutgoingMessage[] = [];

  constructor(private readonly script: readonly (Delivery | Error | 'hang')[]) {}

  deliver(sent: OutgoingMessage): Promise<Delivery> {
    const next = this.script[Math.min(this.got.length, this.script.length - 1)] as Delivery | Error | 'hang';
    this.got.push(sent);
    if (next === 'hang') return new Promise(() => undefined);
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }
}

const notThere = new ProviderAway('nobody is there', true);
const lost = new ProviderAway('the connection is gone', false);

describe('A guarded gateway', () => {
  it('tries again at once where nothing got to the provider, and a few times only', async () => {
    const carrier = new ScriptedCarrier([notThere, accepted]);
    expect(await new GuardedGateway(carrier, { patience: 100 }).send(message, soon())).toEqual(accepted);
    expect(carrier.got).toHaveLength(2);

    const away = new ScriptedCarrier([notThere]);
    expect(await new GuardedGateway(away, { patience: 100 }).send(message, soon())).toEqual({
      kind: 'refused',
      error: 'nobody is there',
      permanent: false,
    });
    expect(away.got).toHaveLength(3);
  });

  it('does not send again at once what may have arrived', async () => {
    const carrier = new ScriptedCarrier([lost, accepted]);
    expect(await new GuardedGateway(carrier, { patience: 100 }).send(message, soon())).toMatchObject({
      kind: 'refused',
    });
    expect(carrier.got).toHaveLength(1);
  });

  it('waits for so long, and no longer than whoever asks', async () => {
    for (const [patience, signal] of [
      [20, soon()],
      [1_000, AbortSignal.timeout(20)],
    ] as const) {
      const gateway = new GuardedGateway(new ScriptedCarrier(['hang']), { patience });
      expect(await gateway.send(message, signal)).toEqual({ kind: 'refused', error: 'timeout', permanent: false });
    }
  });

  it('leaves a provider alone that has failed five times in a row, and asks again after a pause', async () => {
    const carrier = new ScriptedCarrier([lost, lost, lost, lost, lost, accepted]);
    const gateway = new GuardedGateway(carrier, { patience: 100, pause: 50 });
    for (let n = 0; n < 5; n++) await gateway.send(message, soon());
    expect(await gateway.send(message, soon())).toEqual({
      kind: 'refused',
      error: 'gateway_unavailable',
      permanent: false,
    });
    expect(carrier.got).toHaveLength(5);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await gateway.send(message, soon())).toEqual(accepted);
  });

  it('takes refusals of single messages for no failure of the provider', async () => {
    const refused: Delivery = { kind: 'refused', error: '550', permanent: true };
    const carrier = new ScriptedCarrier([refused]);
    const gateway = new GuardedGateway(carrier, { patience: 100 });
    for (let n = 0; n < 10; n++) expect(await gateway.send(message, soon())).toEqual(refused);
  });

  it('throws what is a mistake of its own', async () => {
    const carrier = new ScriptedCarrier([new TypeError('a mistake')]);
    await expect(new GuardedGateway(carrier, { patience: 100 }).send(message, soon())).rejects.toThrow(TypeError);
  });
});

describe('A link that gives access', () => {
  const link = { kind: 'password_reset', userId: newId(), requestId: newId(), expiresAt: new Date() } as const;
  const links = { of: () => 'https://api.example.org/reset#token=$&$1' };
  const birthingPersonId = newId();
  const shared = {
    of: async (id: string) => (id === birthingPersonId ? 'https://api.example.org/follow#token=K7QX2MPR4W' : undefined),
  };
  const sent = (said: Partial<OutgoingMessage>): Promise<OutgoingMessage | undefined> => {
    const carrier = new ScriptedCarrier([accepted]);
    const gateway = new LinkingGateway(new GuardedGateway(carrier, { patience: 100 }), links, shared);
    return gateway.send({ ...message, ...said }, soon()).then(() => carrier.got[0]);
  };
  const place = linkPlaceholder(message.notificationId);

  it('takes its place when the message leaves', async () => {
    expect((await sent({ message: `Open ${place}, please.`, link }))?.message).toBe(
      'Open https://api.example.org/reset#token=$&$1, please.',
    );
  });

  it('is that by which somebody is followed, as long as they are', async () => {
    const invited = { kind: 'labour_invite', birthingPersonId } as const;
    expect((await sent({ message: `Begin at ${place}`, link: invited }))?.message).toBe(
      'Begin at https://api.example.org/follow#token=K7QX2MPR4W',
    );
    const gone = { ...invited, birthingPersonId: newId() };
    const carrier = new ScriptedCarrier([accepted]);
    const gateway = new LinkingGateway(new GuardedGateway(carrier, { patience: 100 }), links, shared);
    expect(await gateway.send({ ...message, message: place, link: gone }, soon())).toEqual({
      kind: 'refused',
      error: 'link_void',
      permanent: true,
    });
    expect(carrier.got).toEqual([]);
  });

  it('is in no message that has none, nor in the place of another', async () => {
    const other = linkPlaceholder(newId());
    expect((await sent({ message: place }))?.message).toBe(place);
    expect((await sent({ message: other, link }))?.message).toBe(other);
  });
});
