import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const kept = 200;

/**
 * Something on 127.0.0.1 that takes messages for telephones, by SMS or WhatsApp, as Twilio's API does, sends them to nobody, shows them on a page, and
 * reports them as delivered, signed as Twilio signs.
 */
export async function startSmsProvider({ port = 0, account = 'ACdevelopment', token = 'contextflow-sms-token' } = {}) {
  const messages = [];
  const behaviours = new Map();
  const expected = Buffer.from(`Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`);
  const path = `/2010-04-01/Accounts/${account}/Messages.json`;
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/') return show(response, messages);
    if (request.method === 'GET' && request.url === '/messages') return answer(response, 200, messages);
    if (request.method !== 'POST' || request.url !== path) return answer(response, 404, { code: 20404 });
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return answer(response, 401, { code: 20003, message: 'Authenticate' });
    return void take(request, response).catch(() => request.socket.destroy());
  });

  async function take(request, response) {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const form = Object.fromEntries(new URLSearchParams(text));
    const behaviour = behaviours.get(form.To) ?? {};
    if (behaviour === 'hang') return;
    if (behaviour === 'drop') {
      request.socket.destroy();
      return;
    }
    const refusal = behaviour.status ? behaviour : faultOf(form);
    if (refusal) {
      answer(response, refusal.status, { code: refusal.code, message: 'the message was refused' });
      return;
    }
    const sid = `SM${randomBytes(16).toString('hex')}`;
    const from = form.From ?? form.MessagingServiceSid;
    messages.push({
      sid,
      to: form.To,
      from,
      body: form.Body ?? Object.values(JSON.parse(form.ContentVariables)).join(' '),
      callback: form.StatusCallback,
      at: new Date().toISOString(),
    });
    if (messages.length > kept) messages.shift();
    answer(response, 201, { sid, status: 'queued', to: form.To, from, error_code: null });
    if (form.StatusCallback)
      void report(form.StatusCallback, { MessageSid: sid, MessageStatus: 'delivered', To: form.To });
  }

  /** As Twilio does: to the address that came with the message. Nobody has to listen there. */
  async function report(url, form) {
    const headers = { 'x-twilio-signature': sign(url, form) };
    return fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) }).catch(() => undefined);
  }

  function sign(url, form) {
    const fields = Object.keys(form)
      .sort()
      .map((name) => name + form[name]);
    return createHmac('sha1', token)
      .update(url + fields.join(''))
      .digest('base64');
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    messages,
    settings: {
      SMS_URL: url,
      SMS_ACCOUNT: account,
      SMS_TOKEN: token,
      SMS_FROM: '+15005550006',
      WHATSAPP_FROM: '+15005550006',
    },
    behave: (to, behaviour) => void behaviours.set(to, behaviour),
    report,
    sign,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function faultOf({ To, Body, ContentSid }) {
  if (!Body && !ContentSid) return { status: 400, code: 21602 };
  return /^(whatsapp:)?\+[1-9]\d{1,14}$/.test(To ?? '') ? undefined : { status: 400, code: 21211 };
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function show(response, messages) {
  const rows = messages
    .toReversed()
    .map(({ at, to, body }) => `<tr><td>${escaped(at)}<td>${escaped(to)}<td>${escaped(body)}`)
    .join('\n');
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  };
  response.writeHead(200, headers).end(`<!DOCTYPE html>
<html lang="en">
<title>Text messages</title>
<meta http-equiv="refresh" content="5">
<style>body { font-family: sans-serif; margin: 2em } td { padding: 0.5em 1em 0.5em 0; vertical-align: top; white-space: pre-wrap }</style>
<h1>Text messages</h1>
<p>They were sent to nobody. The last ${kept} are kept until npm start ends.
<table>
${rows || '<tr><td>There are none yet.'}
</table>
`);
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
