import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '#testing/eventually.js';
import { faultProfile } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { dataFolder } from '#testing/project.js';
import { sharedServers, startOwnPostgres, type PrivatePostgres } from '#testing/servers.js';

/** A small disk takes root; without it nobody knows how to fill one without harm. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const where = faultProfile === 'full' && canMount ? describe : describe.skip;

where('When the disk of Postgres is full', () => {
  let postgres: PrivatePostgres | undefined;
  let lab: Lab;
  let disk: string;

  beforeAll(async () => {
    disk = dataFolder('small-disk');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256m,mode=700', 'small-disk', disk]);
    postgres = await startOwnPostgres('small-disk/full');
    lab = await Lab.with({
      workers: 2,
      servers: { databaseUrl: postgres.url, rabbitmqUrl: sharedServers().rabbitmqUrl },
    });
  });
  afterAll(async () => {
    await lab?.close();
    await postgres?.remove();
    execFileSync('umount', ['--lazy', disk]);
  });

  const settled = async (): Promise<number> =>
    (await lab.database.one<{ n: number }>('select count(*)::int as n from platform.commands')).n;

  it('F29: nothing is said to have happened that has not; when there is space again, all goes on', async () => {
    const load = lab.load({ concurrency: 16, perSecond: 200 });
    await load.reaches(300);
    const filler = join(disk, 'filler');
    fillUp(filler);
    const seen: number[] = [];
    await eventually(
      'nothing is settled any more',
      async () => {
        seen.push(await settled().catch(() => -1));
        return seen.length > 5 && seen.slice(-5).every((count) => count === seen.at(-1));
      },
      { within: 60_000, every: 500 },
    );
    await load.reaches(load.accepted + 300);
    rmSync(filler);
    // A write-ahead log that cannot be written ends Postgres; a service manager would start it again.
    if (postgres?.pid === undefined) await postgres?.start();
    await load.reaches(load.accepted + 300);
    await load.stop();
    expect(new Set(lab.ledger.answers.keys())).toEqual(new Set([202]));
    await lab.verify();
  });
});

/** Writes a file until there is no space for more. */
function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const piece of [Buffer.alloc(1 << 20), Buffer.alloc(1 << 12)]) while (wrote(file, piece));
  } finally {
    closeSync(file);
  }
}

function wrote(file: number, piece: Buffer): boolean {
  try {
    return writeSync(file, piece) === piece.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
