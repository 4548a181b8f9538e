import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { projectRoot } from '#testing/project.js';

import { Broker } from './broker.js';
import type { Circumstances } from './report.js';
import type { Workbench } from './workbench.js';

/** @param before the load average when it began */
export async function circumstances({ servers, quick, rounds }: Workbench, before: number): Promise<Circumstances> {
  const broker = await Broker.connect(servers.rabbitmqUrl);
  await broker.close();
  const client = new pg.Client(servers.databaseUrl);
  await client.connect();
  const shown = async (name: string): Promise<string> =>
    (await client.query<Record<string, string>>(`show ${name}`)).rows[0]?.[name] ?? '';
  const durability: Record<string, string> = {};
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) durability[name] = await shown(name);
  const postgres = (await shown('server_version')).split(' ')[0] as string;
  await client.end();
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    commit: commit(),
    mode: quick ? 'quick' : 'full',
    rounds,
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: totalmem() / 2 ** 30,
    versions: {
      Node: process.versions.node,
      Postgres: postgres,
      RabbitMQ: broker.version,
      ...Object.fromEntries(['@nestjs/core', 'fastify', 'typeorm'].map((name) => [name, versionOf(name)])),
    },
    durability: { ...durability, queues: 'quorum', messages: 'persistent, confirmed' },
    load: [before, oneMinute()],
  };
}

/** How many processes wanted to run, on average of the last minute. */
export const oneMinute = (): number => loadavg()[0] as number;

function commit(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8' }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'libs', 'apps', 'bench') && ' and changes'}`;
  } catch {
    return 'unknown';
  }
}

function versionOf(name: string): string {
  const text = readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
