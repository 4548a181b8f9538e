import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { builtInTemplates } from '#contexts/notifications/contract/index.js';
import { newId } from '#kernel';
import { Lab } from '#testing/lab.js';
import { projectRoot } from '#testing/project.js';

const main = `${projectRoot}/dist/examples/birth-story/main.js`;

describe('The story of a birth', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1 });
    const admin = lab.client(newId(), { roles: ['user', 'admin'] });
    const ours = builtInTemplates.filter(({ topic }) => topic === 'labour' || topic === 'subscriptions');
    const made = await Promise.all(
      ours.map(({ name, channel, topic, subject, body, variables }) =>
        admin.post(
          '/notification-templates',
          { name, channel, topic, subject, body, variables },
          { prefer: 'wait=10' },
        ),
      ),
    );
    for (const { status, text: said } of made)
      if (status !== 201) throw new Error(`no template was made: ${status} ${said}`);
  });
  afterAll(() => lab?.close());

  it('tells each what concerns them, once and in order', async () => {
    const url = `http://127.0.0.1:${lab.apis[0]?.port}/api/v1`;
    const child = spawn(process.execPath, [main, '--url', url], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [code, out, err] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Each was told what concerns them, once and in order.');
    expect(out).toContain('Hello Grace, Ada Lovelace is going into labour!');
    const lines = out.split('\n').map((line) => line.trim());
    const advised = lines.findIndex((line) => line.endsWith('→ the advice is go_to_hospital'));
    // Four come too far apart; with the twentieth of the others it is time.
    expect(lines.slice(0, advised).findLast((line) => line.includes('notes contraction'))).toContain('contraction 24:');
    expect(lines.filter((line) => line.includes('the advice is go_to_hospital'))).toHaveLength(1);
  });
});
