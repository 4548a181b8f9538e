import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';

import { describe, expect, it } from '@jest/globals';

import { contentSecurityPolicy, html, script } from './account-page.js';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** As much of a browser as the page needs. */
function opened(hash: string, fields: Readonly<Record<string, string>> = {}, answer?: Answer) {
  const says = { textContent: '' };
  const requests: { path: string; body: unknown }[] = [];
  const addresses: string[] = [];
  let submitted: ((event: { preventDefault(): void }) => Promise<void>) | undefined;
  const form = {
    hidden: false,
    dataset: { action: '/api/v1/action', done: 'It is done.' },
    addEventListener: (_: string, listener: typeof submitted) => (submitted = listener),
  };
  runInNewContext(script, {
    URLSearchParams,
    location: { hash, pathname: '/account/page' },
    history: { replaceState: (_: null, __: string, address: string) => addresses.push(address) },
    document: { querySelector: (selector: string) => (selector === 'form' ? form : says) },
    FormData: class {
      [Symbol.iterator] = () => Object.entries(fields)[Symbol.iterator]();
    },
    fetch: (path: string, { body }: { body: string }) => {
      requests.push({ path, body: JSON.parse(body) });
      if (!answer) return Promise.reject(new TypeError('fetch failed'));
      return Promise.resolve({ status: answer.status, json: () => Promise.resolve(answer.body) });
    },
  });
  const submit = async () => submitted?.({ preventDefault: () => undefined });
  return { form, says, requests, addresses, submit };
}

describe('A page behind a link', () => {
  it('sends the token of the address, and what was filled in', async () => {
    const page = opened('#token=secret', { new_password: 'new', again: 'new' }, { status: 204 });
    await page.submit();
    expect(page.requests).toEqual([{ path: '/api/v1/action', body: { token: 'secret', new_password: 'new' } }]);
    expect(page).toMatchObject({ form: { hidden: true }, says: { textContent: 'It is done.' } });
  });

  it('takes the token out of the address at once', () => {
    expect(opened('#token=secret').addresses).toEqual(['/account/page']);
  });

  it('sends nothing where the two passwords differ', async () => {
    const page = opened('#token=secret', { new_password: 'new', again: 'now' });
    await page.submit();
    expect(page.requests).toEqual([]);
    expect(page.says.textContent).toBe('The two passwords are not the same.');
  });

  it('offers nothing without a token', () => {
    expect(opened('')).toMatchObject({
      form: { hidden: true },
      says: { textContent: expect.stringContaining('not complete') },
    });
  });

  it.each([
    [{ status: 400, body: { detail: 'the link is used' } }, 'the link is used'],
    [{ status: 400, body: { detail: 'x', errors: [{ message: 'the password is too short' }] } }, 'too short'],
    [{ status: 202 }, 'longer than usual'],
    [undefined, 'could not be reached'],
  ] as const)('says what is wrong: %j', async (answer, said) => {
    const page = opened('#token=secret', {}, answer);
    await page.submit();
    expect(page.form.hidden).toBe(false);
    expect(page.says.textContent).toContain(said);
  });

  it('runs no other script than its own', () => {
    const page = html({ title: 'T', text: 'x', fields: '', button: 'B', action: '/a', done: 'D' });
    const [, served = ''] = /<script>([^]*)<\/script>/.exec(page) ?? [];
    const hash = createHash('sha256').update(served).digest('base64');
    expect(contentSecurityPolicy).toContain(`script-src 'sha256-${hash}';`);
  });
});
