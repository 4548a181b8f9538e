import { beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer, type HttpRequest } from '#testing/http-client.js';

import { base64url, es256, forgedToken, keySet, ourKeys, ourPrivateKey } from '../forged-token.js';
import type { Installation } from '../installation.js';
import { Target, type Refusal } from '../target.js';
import { forgedSignatures, pair, published, seconds, signedByUs } from '../token-forgeries.js';

const refused: Refusal = {
  status: 401,
  reason: 'unauthorized',
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
};

export const tokens = (installation: () => Installation): void =>
  describe('A forged access token', () => {
    let target: Target;
    /** Sends the same as somebody without a header of their own. */
    let bare: HttpClient;

    beforeAll(async () => {
      target = await Target.at(installation());
      bare = target.owner.http;
    });

    /** Reads, changes, an operator's route, and one that needs no token. */
    const everywhere = (authorization: string) => {
      const headers = { authorization };
      return [
        { path: '/api/v1/tasks', headers },
        { method: 'POST' as const, path: '/api/v1/tasks', body: { title: 'forged' }, headers },
        { path: '/api/v1/ops/scheduled-commands', headers },
        { path: `/api/v1/commands/${newId()}`, headers },
      ];
    };
    const refusedEverywhere = (authorizations: readonly string[]): Promise<HttpAnswer[]> =>
      target.refusesEach(authorizations.flatMap(everywhere), refused);
    const ask = (token: string, http = bare): Promise<HttpAnswer> =>
      http.send({ path: '/api/v1/tasks', headers: { authorization: `Bearer ${token}` } });

    it('A13: would be taken if it were no forgery', async () => {
      const { userId } = target.owner;
      for (const forgery of [
        {},
        { claims: { aud: ['other', 'contextflow-api'], nbf: seconds() } },
        { claims: { sid: undefined } },
      ])
        expect(await ask(forgedToken(userId, forgery))).toMatchObject({
          status: 200,
          body: { items: expect.arrayContaining([expect.objectContaining({ id: target.taskId })]) },
        });
    });

    it.each(Object.entries(signedByUs))('A13: is refused with %s', async (_what, forgeries) => {
      await refusedEverywhere(forgeries.map((forgery) => `Bearer ${forgedToken(target.owner.userId, forgery)}`));
    });

    it.each(Object.entries(forgedSignatures))('A13: is refused with %s', async (_what, forgeries) => {
      await refusedEverywhere(forgeries.map((forgery) => `Bearer ${forgedToken(target.owner.userId, forgery)}`));
    });

    it('A13: is refused when another payload stands before a good signature', async () => {
      const [head, , signature] = forgedToken(target.owner.userId).split('.');
      const [, others] = forgedToken(target.owner.userId, { claims: { roles: ['user', 'admin'] } }).split('.');
      await refusedEverywhere([`Bearer ${head}.${others}.${signature}`]);
    });

    it('A13: is refused when it is no access token: a refresh token, a token in parts, in other wrapping', async () => {
      const good = forgedToken(target.owner.userId);
      const [head, body, signature] = good.split('.') as [string, string, string];
      const refresh = `${base64url(newId())}.${base64url('x'.repeat(32))}`;
      await refusedEverywhere([
        `Bearer ${refresh}`,
        `Bearer ${refresh}.`,
        `Bearer .${refresh}`,
        `Bearer ${newId()}`,

        `Bearer ${head}.${body}`,
        `Bearer ${head}.${body}.`,
        `Bearer ${head}..${signature}`,
        `Bearer .${body}.${signature}`,
        `Bearer ${good}.`,
        `Bearer ${good}.${signature}`,
        `Bearer ${good}=`,
        `Bearer ${good},Bearer ${good}`,

        good,
        `Basic ${good}`,
        `Token ${good}`,
        `Bearer${good}`,
        `Bearer Bearer ${good}`,
        'Bearer',
        'Bearer null',
        'x',
        `Bearer ${JSON.stringify({ protected: head, payload: body, signature })}`,
        `Basic ${Buffer.from(`${target.owner.userId}:`).toString('base64')}`,
        `Bearer ${'a'.repeat(4_000)}.${'a'.repeat(4_000)}.${'a'.repeat(4_000)}`,
      ]);
    });

    it('A13: counts in the header alone', async () => {
      const good = forgedToken(target.owner.userId);
      const requests: HttpRequest[] = [
        { path: `/api/v1/tasks/${target.taskId}?access_token=${good}` },
        { path: `/api/v1/tasks/${target.taskId}`, headers: { cookie: `access_token=${good}` } },
        {
          path: `/api/v1/tasks/${target.taskId}`,
          headers: { 'x-access-token': good, 'proxy-authorization': `Bearer ${good}` },
        },
      ];
      for (const request of requests)
        target.expectRefusal(
          await bare.send(request),
          { status: 401, headers: { 'www-authenticate': 'Bearer' } },
          request,
        );
    });

    it('A13: is refused once it has expired, however good it was', async () => {
      const brief = forgedToken(target.owner.userId, { claims: { exp: seconds() + 2 } });
      expect((await ask(brief)).status).toBe(200);
      const expired = await eventually('it has expired', async () => {
        const answer = await ask(brief);
        return answer.status === 200 ? undefined : answer;
      });
      target.expectRefusal(expired, refused);
    });

    it('A13: the public keys are there for everybody, and only they', async () => {
      const { status, headers, body, text } = await bare.send({ path: '/.well-known/jwks.json' });
      expect({ status, body }).toEqual({ status: 200, body: ourKeys.published });
      expect(headers['cache-control']).toBe('public, max-age=300');
      target.expectDiscreet(text);
      expect(text).not.toMatch(/"d":/);
    });

    it('A13: keys change without a pause: all verify, and one that has been dropped does not', async () => {
      const next = pair('P-256').privateKey;
      const { lab, environment } = installation();
      const api = await lab.api({ ...environment, JWT_KEYS: keySet(next, ourPrivateKey()) });
      const after = new HttpClient(api.port);
      try {
        const { body } = await after.send({ path: '/.well-known/jwks.json' });
        const [{ kid }, old] = (body as { keys: [{ kid: string }, unknown] }).keys;
        expect(old).toEqual(published);
        const { userId } = target.owner;
        const signedByNext = forgedToken(userId, { header: { kid }, signature: es256(next) });
        for (const token of [signedByNext, forgedToken(userId)]) expect((await ask(token, after)).status).toBe(200);
        target.expectRefusal(await ask(signedByNext), refused);
        const swapped = forgedToken(userId, { header: { kid } });
        target.expectRefusal(await ask(swapped, after), refused);
      } finally {
        after.close();
        await api.terminate();
      }
    });
  });
