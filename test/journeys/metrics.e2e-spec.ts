import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { accessToken } from '#testing/access-tokens.js';
import type { AppProcess } from '#testing/app-process.js';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { describeInFull } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { projectRoot } from '#testing/project.js';
import { scrape, type Scrape } from '#testing/scrape.js';
import { OwnServers } from '#testing/servers.js';

const create = 'tasks.create_task.v1';
const complete = 'tasks.complete_task.v1';
/** Half a minute of outages: only in the long profile. */
/** Readings are taken at most every five seconds. */
const soon = { within: 15_000, every: 250 };

describe('The metrics of an installation', () => {
  let servers: OwnServers;
  let lab: Lab;
  let api: AppProcess;
  let worker: AppProcess;
  let client: Client;

  const metrics = { api: () => scrape(api.port), worker: () => scrape(worker.port) };
  const shows = (what: string, of: keyof typeof metrics, look: (seen: Scrape) => boolean): Promise<Scrape> =>
    eventually(
      what,
      async () => {
        const seen = await metrics[of]();
        return look(seen) && seen;
      },
      soon,
    );

  beforeAll(async () => {
    servers = await OwnServers.start('metrics');
    lab = await Lab.with({ servers });
    [api, worker] = [lab.apis[0] as AppProcess, lab.workers[0] as AppProcess];
    client = lab.client(newId());
  });
  afterAll(async () => {
    await lab?.close();
    await servers?.remove();
  });

  it('have every name that the dashboard and the rules use', async () => {
    const [ours, theirs] = [await metrics.api(), await metrics.worker()];
    const known = new Set([...ours.names, ...theirs.names]);
    const files = ['deploy/grafana/contextflow.json', 'deploy/prometheus/contextflow.rules.yml'];
    const used = files.flatMap((file) => [
      ...readFileSync(join(projectRoot, file), 'utf8').matchAll(/\b(?:contextflow|nodejs|process)_[a-z0-9_]+\b/g),
    ]);
    const unknown = used
      .map(([name]) => name)
      .filter((name) => !known.has(name.replace(/_(bucket|sum|count)$/, '')) && !known.has(name));
    expect(used.length).toBeGreaterThan(50);
    expect(unknown).toEqual([]);
  });

  it('count what was accepted and how it ended', async () => {
    const tasks = await Promise.all(Array.from({ length: 20 }, () => client.command('/tasks', { title: 'counted' })));
    const ends = await Promise.all(
      tasks
        .slice(0, 5)
        .flatMap(({ resource_id: id }) => [
          client.command(`/tasks/${id}/complete`),
          client.command(`/tasks/${id}/complete`),
        ]),
    );
    for (const { command_id: id } of [...tasks, ...ends]) await client.outcome(id);

    const accepted = await metrics.api();
    expect(accepted.value('contextflow_commands_accepted_total', { type: create })).toBe(20);
    expect(accepted.value('contextflow_commands_accepted_total', { type: complete })).toBe(10);
    expect(accepted.value('contextflow_commands_not_accepted_total')).toBe(0);
    const posted = { method: 'POST', route: '/api/v1/tasks', status: '2xx' };
    expect(accepted.value('contextflow_http_request_duration_seconds_count', posted)).toBe(20);

    // A notification follows each task that was completed.
    const handled = 20 + 10 + 5;
    const settled = await shows(
      'what follows has been handled',
      'worker',
      (seen) => seen.value('contextflow_command_handling_seconds_count') === handled,
    );
    expect(settled.value('contextflow_commands_settled_total', { type: create, status: 'succeeded' })).toBe(20);
    expect(settled.value('contextflow_commands_settled_total', { type: complete, status: 'succeeded' })).toBe(5);
    expect(settled.value('contextflow_commands_settled_total', { type: complete, status: 'rejected' })).toBe(5);
    expect(settled.value('contextflow_command_settlement_seconds_count', { context: 'tasks' })).toBe(30);
    expect(settled.value('contextflow_commit_group_size_sum')).toBe(handled);
    expect(settled.value('contextflow_partitions_held', { context: 'tasks' })).toBe(8);
    expect(settled.value('contextflow_commands_in_flight')).toBe(0);
  });

  it('show the log and the workers', async () => {
    const events = await lab.database.one<{ last: string }>('select max(position) as last from platform.events');
    const seen = await shows(
      'the log is at its last position',
      'api',
      ({ value }) => value('contextflow_log_position') === Number(events.last),
    );
    expect(seen.value('contextflow_workers', { context: 'tasks' })).toBe(1);
    expect(seen.value('contextflow_partition_consumers', { context: 'tasks' })).toBe(8);
    expect(seen.value('contextflow_up', { dependency: 'postgres' })).toBe(1);
    expect(seen.value('contextflow_parked_commands', { state: 'dead' })).toBe(0);
  });

  it('need their own token where one is set, not a user’s, and leave no trace in log and document', async () => {
    const guarded = await lab.api({ METRICS_TOKEN: 'of-the-operators', LOG_LEVEL: 'info' });
    expect((await scrape(guarded.port, 'of-the-operators')).names.size).toBeGreaterThan(0);
    const stranger = lab.client(newId(), { api: guarded });
    const authorization = `Bearer ${accessToken(stranger.userId)}`;
    const refused = await stranger.http.send({ path: '/metrics', headers: { authorization } });
    expect(refused).toMatchObject({ status: 401, body: { reason: 'metrics_token_required' } });

    const { text } = await stranger.http.send({ path: '/openapi.json' });
    expect(text).toContain('/health');
    expect(text).not.toContain('/metrics');
    await eventually('the last request is logged', () => guarded.log().some(({ route }) => route === '/openapi.json'));
    expect(guarded.log().filter(({ route }) => route === '/metrics')).toEqual([]);
    await guarded.terminate();
  });

  it('show the backlog while no worker lives', async () => {
    await worker.terminate();
    const left = await Promise.all(Array.from({ length: 7 }, () => client.command('/tasks', { title: 'left' })));
    const seen = await shows(
      'all that wait are seen',
      'api',
      ({ value }) => value('contextflow_partition_messages_ready', { context: 'tasks' }) === 7,
    );
    expect(seen.value('contextflow_partition_consumers', { context: 'tasks' })).toBe(0);
    await shows('no worker is seen', 'api', ({ value }) => value('contextflow_workers', { context: 'tasks' }) === 0);

    worker = await lab.worker();
    for (const { command_id: id } of left) await client.outcome(id);
    await shows('nothing waits', 'api', ({ value }) => value('contextflow_partition_messages_ready') === 0);
    expect((await metrics.worker()).value('contextflow_commands_settled_total', { type: create })).toBe(7);
  });

  describeInFull('while a server is away', () => {
    it('are told while Postgres is away, without what only it knows, and come back', async () => {
      await servers.postgres.stop('immediate');
      const waiting = await client.command('/tasks', { title: 'waits for Postgres' });
      const seen = await shows(
        'the oldest command grows old',
        'worker',
        ({ value }) => (value('contextflow_partition_oldest_age_seconds', { place: 'delivered' }) ?? 0) > 1,
      );
      expect(seen.value('contextflow_up', { dependency: 'postgres' })).toBe(0);
      expect(seen.value('contextflow_up', { dependency: 'rabbitmq' })).toBe(1);
      const without = await shows(
        'the log is unknown',
        'api',
        ({ value }) => value('contextflow_log_position') === undefined,
      );
      expect(without.milliseconds).toBeLessThan(3_000);
      expect(without.value('contextflow_up', { dependency: 'postgres' })).toBe(0);
      expect(without.value('contextflow_parked_commands')).toBeUndefined();
      expect(without.value('contextflow_commands_accepted_total')).toBeGreaterThan(30);

      await servers.postgres.start();
      await client.outcome(waiting.command_id, undefined, { within: 20_000 });
      await shows('the log is known again', 'api', ({ value }) => value('contextflow_log_position') !== undefined);
    });

    it('are told while RabbitMQ is away, and say what is not accepted', async () => {
      await servers.rabbitmq.kill();
      await shows(
        'the API has lost it',
        'api',
        ({ value }) => value('contextflow_up', { dependency: 'rabbitmq' }) === 0,
      );
      expect((await client.post('/tasks', { title: 'refused' })).status).toBe(503);
      const seen = await shows(
        'the backlog is unknown',
        'api',
        ({ value }) => value('contextflow_partition_messages_ready') === undefined,
      );
      expect(seen.milliseconds).toBeLessThan(3_000);
      expect(seen.value('contextflow_commands_not_accepted_total')).toBe(1);
      expect(seen.value('contextflow_broker_connected', { connection: 'commands' })).toBe(0);
      expect((await metrics.worker()).value('contextflow_up', { dependency: 'rabbitmq' })).toBe(0);
      await servers.rabbitmq.start();
      await shows(
        'the API has it again',
        'api',
        ({ value }) => value('contextflow_up', { dependency: 'rabbitmq' }) === 1,
      );
    });
  });
});
