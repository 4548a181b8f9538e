import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { builtInTemplates } from '#contexts/notifications/contract/index.js';
import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import type { HttpAnswer } from '#testing/http-client.js';
import type { TakenMail } from '#testing/mail-server.js';
import { Person } from '#testing/person.js';

import { canary, type Installation } from '../installation.js';

type Body = Readonly<Record<string, unknown>>;

const wait = { prefer: 'wait=10' };
const bcc = 'Bcc: bob@attacker.example';
const lineEnds = ['\r\n', '\n', '\r', '\u2028', '\u0085', '\u0000', '\r\n\r\n', '%0d%0a'];

export const mail = (installation: () => Installation): void =>
  describe('Whoever writes into our mails', () => {
    let admin: Client;

    beforeAll(async () => {
      const { lab, api } = installation();
      admin = lab.client(newId(), { api, roles: ['user', 'admin'] });
      for (const { name, channel, topic, subject, body, variables } of builtInTemplates)
        await admin.post('/notification-templates', { name, channel, topic, subject, body, variables }, wait);
    });

    const somebody = (): string => `q${newId().slice(-12)}@example.org`;
    const tell = (body: Body): Promise<HttpAnswer> => admin.post('/notifications', { channel: 'email', ...body }, wait);

    /** What has come for them, which is one mail to them alone. */
    async function mailTo(address: string): Promise<TakenMail> {
      const [taken, ...more] = await eventually(`a mail for ${address} is there`, () => {
        const mails = installation().mail.mailsTo(address);
        return mails.length > 0 ? mails : undefined;
      });
      expect(more).toEqual([]);
      expect(taken?.recipients).toEqual([address]);
      expect(taken?.headers.get('to')).toBe(address);
      for (const header of ['bcc', 'cc', 'reply-to', 'x-attack']) expect(taken?.headers.has(header)).toBe(false);
      return taken as TakenMail;
    }

    const strangers = (): string[] =>
      installation()
        .mail.mails.flatMap(({ recipients }) => recipients)
        .filter((address) => !address.endsWith('@example.org'));

    const logs = (): string =>
      installation()
        .lab.processes.map(({ logFile }) => readFileSync(logFile, 'utf8'))
        .join('\n');

    it.each(lineEnds)('A22: begins no header of their own by %j in a title', async (end) => {
      const recipient = somebody();
      const { status } = await tell({ recipient, title: `Hello${end}${bcc}${end}X-Attack: 1`, message: 'Hello' });
      if (status === 400) return;
      expect(status).toBeLessThan(300);
      expect((await mailTo(recipient)).headers.get('subject')).toMatch(/^Hello/);
    });

    it('A22: begins none by a variable that goes into the subject either', async () => {
      const told = lineEnds.map(async (end) => {
        const recipient = somebody();
        const variables = { username: `Ada${end}${bcc}${end}X-Attack: 1` };
        const { status } = await tell({ recipient, template: 'welcome', variables });
        if (status === 400) return;
        expect(status).toBeLessThan(300);
        expect((await mailTo(recipient)).headers.get('subject')).toMatch(/^Welcome, Ada/);
      });
      await Promise.all(told);
    });

    it('A22: reaches nobody but one recipient, whatever the address says', async () => {
      const victim = 'bob@attacker.example';
      const addresses = [
        `${somebody()}, ${victim}`,
        `${somebody()};${victim}`,
        `${somebody()}\r\n${bcc}`,
        `${somebody()}\r\nRCPT TO:<${victim}>`,
        `"${somebody()}" <${victim}>`,
        `list:${victim};`,
        `${victim}%example.org@`,
        `<${victim}>@example.org`,
      ];
      for (const recipient of addresses) {
        const answer = await tell({ recipient, title: 'Hello', message: 'Hello' });
        expect({ recipient, status: answer.status }).toEqual({ recipient, status: 400 });
      }
      const { http } = admin;
      const password = 'correct horse battery';
      for (const email of addresses) {
        const body = { email, username: `q${newId().slice(-10)}`, password };
        expect((await http.send({ method: 'POST', path: '/api/v1/auth/register', body })).status).toBe(400);
      }
      expect(strangers()).toEqual([]);
    });

    it('A22: hides no second one between quotes', async () => {
      const recipient = String.raw`"a\"@x,bob@attacker.example"@example.org`;
      const { status, body } = await tell({ recipient, title: 'Hello', message: 'Hello' });
      if (status === 400) return;
      const { id } = body as { id: string };
      const seen = await eventually('it has failed', async () => {
        const notification = (await admin.get(`/notifications/${id}`)).body as { status: string };
        return notification.status === 'failed' && notification;
      });
      expect(seen).toMatchObject({ error_message: 'recipient_invalid' });
      expect(strangers()).toEqual([]);
    });

    it('A22: who registers with line ends in a name gets no mail that is not theirs alone', async () => {
      const { http } = admin;
      const tried = lineEnds.map(async (end) => {
        const email = somebody();
        const body = {
          email,
          username: email.slice(0, 12),
          name: `Ada${end}${bcc}`,
          password: 'correct horse battery',
        };
        const { status } = await http.send({ method: 'POST', path: '/api/v1/auth/register', body, timeout: 30_000 });
        if (status === 201) await mailTo(email);
        else expect([400, 429]).toContain(status);
      });
      await Promise.all(tried);
      expect(strangers()).toEqual([]);
    });

    it('A23: sends no markup in their words, and no link that leads elsewhere', async () => {
      const recipient = somebody();
      const markup = '<img src=x onerror=alert(1)> "><script>x</script> & https://attacker.example/ &lt;b&gt;';
      await tell({ recipient, title: markup, message: `Hello\n\n${markup}` });
      const { html, text, headers } = await mailTo(recipient);
      expect(text.trim()).toBe(`Hello\n\n${markup}`);
      expect(headers.get('subject')).toBe(markup);
      expect(html.match(/<[a-z/!][^>]*>/gi)).toEqual(
        '<!DOCTYPE html> <html> <body> <p> </p> <p> </p> </body> </html>'.match(/<[^>]*>/g),
      );
      expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &quot;&gt;&lt;script&gt;');
      expect(html).toContain('&amp;lt;b&amp;gt;');
    });

    it('A23: says nothing by the syntax of templates in their words', async () => {
      const recipient = somebody();
      const username = '{{link}} {{username}} {{constructor}} ${1+1} <%= 1 %> $& contextflow:link/x';
      await tell({ recipient, template: 'welcome', variables: { username } });
      const { text, headers } = await mailTo(recipient);
      expect(headers.get('subject')).toBe(`Welcome, ${username}`);
      expect(text.startsWith(`Hello ${username},\n`)).toBe(true);
      const untitled = somebody();
      await tell({ recipient: untitled, title: username, message: username });
      expect((await mailTo(untitled)).text.trim()).toBe(username);
    });

    it('A30: finds no link that gives access anywhere but in the mail', async () => {
      const { lab, api, mail: server } = installation();
      const person = await new Person(api, lab.database).join();
      await person.post('/auth/password/forgot', { email: person.email });
      const token = await eventually('the link is there', () => {
        const texts = server.mailsTo(person.email).map(({ text }) => /#token=(\S+)/.exec(text)?.[1]);
        return texts.find(Boolean);
      });
      person.close();
      const tables = await lab.database.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      const mac = String(token.split('.')[1]);
      for (const { name } of tables) {
        const { n } = await lab.database.one<{ n: number }>(
          `select count(*)::int as n from ${name} t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0`,
          [mac, Buffer.from(mac).toString('hex')],
        );
        expect({ name, n }).toEqual({ name, n: 0 });
      }
      expect(logs()).not.toContain(mac);
    });

    it('A30: reads nothing of a mail, and no address, in a log', async () => {
      const [title, message, name] = [canary('title'), canary('message'), canary('recipient').slice(0, 50)];
      const recipient = `${name}@example.org`;
      await tell({ recipient, title, message });
      await mailTo(recipient);
      const { mail: server } = installation();
      const rejected = `x${recipient}`;
      server.behave({ at: 'recipient', code: 550 }, rejected);
      const { body } = await tell({ recipient: rejected, title, message });
      const { id } = body as { id: string };
      await eventually('it has failed', async () => {
        const seen = (await admin.get(`/notifications/${id}`)).body as { status: string };
        return seen.status === 'failed';
      });
      for (const secret of [title, message, name])
        expect(
          logs()
            .split('\n')
            .filter((line) => line.includes(secret)),
        ).toEqual([]);
    });
  });
