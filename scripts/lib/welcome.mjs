import { waitFor } from './probes.mjs';
import { indented, say } from './screen.mjs';

/**
 * Lets somebody register, shows the mail that welcomes them, and removes the account again.
 *
 * @returns whether the mail came
 */
export async function showWelcome({ url, catcher, unless }) {
  const name = `visitor_${Date.now().toString(36)}`;
  const email = `${name}@contextflow.local`;
  const password = `only for ${name}`;
  const registered = await post(`${url}/auth/register`, { email, username: name, password });
  const mail = registered && (await waitFor(() => catcher.mailTo(email), { timeoutMs: 20_000, everyMs: 100, unless }));
  if (mail) say(`\n— A mail has come for ${name} (${catcher.url})\n\n${indented(`${mail.subject}\n\n${mail.text}`)}\n`);
  const login = registered && (await post(`${url}/auth/login`, { email, password }));
  if (login) {
    const headers = { authorization: `Bearer ${login.access_token}`, prefer: 'wait=10' };
    await fetch(`${url}/users/${registered.id}`, { method: 'DELETE', headers }).catch(() => undefined);
  }
  return mail !== undefined;
}

async function post(url, body) {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, request).catch(() => undefined);
  return answer?.ok ? answer.json() : undefined;
}
