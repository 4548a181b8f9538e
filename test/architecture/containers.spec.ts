import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { ApiSettings, PruneSettings, WorkerSettings } from '#platform/config/settings.js';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const files = ['docker-compose.yml', 'docker-compose.production.yml'] as const;
const apps = ['migrate', 'api', 'worker'];
const settings = [new ApiSettings(), new WorkerSettings(), new PruneSettings()]
  .flatMap((each) => Object.keys(each))
  .map((property) => property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
/** Read beside the settings: the address of the database in parts. */
const databaseParts = ['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASSWORD', 'DB_NAME'];
/** Read on the machines of operators. */
const operatorAccess = ['CONTEXTFLOW_URL', 'CONTEXTFLOW_TOKEN'];

/** The lines below a key, up to the next one of its depth. */
function below(text: string, key: string, depth: number): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${' '.repeat(depth)}${key}:`));
  if (start < 0) return '';
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && !line.startsWith(' '.repeat(depth + 1)));
  return rest.slice(0, end < 0 ? undefined : end).join('\n');
}

const keys = (text: string, depth: number): string[] =>
  [...text.matchAll(new RegExp(`^ {${depth}}([\\w-]+):`, 'gm'))].map(([, key]) => key as string);

function services(file: (typeof files)[number]): { name: string; text: string }[] {
  const all = below(read(file), 'services', 0);
  return keys(all, 2).map((name) => ({ name, text: below(all, name, 2) }));
}

const service = (file: (typeof files)[number], name: string): string =>
  services(file).find((each) => each.name === name)?.text ?? '';

describe('The image', () => {
  const dockerfile = read('Dockerfile');
  const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)\n([^]*?)(?=^FROM |$(?![^]))/gm)].map(
    ([, base, name, text]) => ({ base, name, text: text as string }),
  );
  const runtime = stages.at(-1)?.text ?? '';

  it('is made in stages, of which the last one is what runs', () => {
    expect(stages.map(({ name }) => name)).toEqual(['deps', 'production-deps', 'build', 'test', 'runtime']);
    expect(stages.find(({ name }) => name === 'production-deps')?.text).toContain('npm ci --omit=dev');
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24-slim$/m);
  });

  it('runs as a user by number, who is not root', () => {
    const users = [...runtime.matchAll(/^USER (.*)$/gm)].map(([, user]) => user);
    expect(users).toEqual(['1000:1000']);
  });

  it('holds no source, no secret and no test', () => {
    const copied = [...runtime.matchAll(/^COPY (.*)$/gm)].map(([, what]) => what);
    expect(copied).toEqual([
      '--from=production-deps /app/node_modules node_modules',
      '--from=build /app/dist/bundle dist/bundle',
      'package.json ./',
      'deploy/healthy.mjs deploy/',
      '--chmod=755 deploy/contextflow /usr/local/bin/contextflow',
    ]);
    const ignored = read('.dockerignore').split('\n');
    for (const entry of ['.env', '.env.*', '*.env', '*.pem', '*.key', '.git', '.data', 'deploy/secrets'])
      expect(ignored).toContain(entry);
    expect(dockerfile).not.toMatch(/^(ARG|ENV) .*(PASSWORD|SECRET|TOKEN|KEY)/m);
  });

  it('tells whether it is well, and ends by SIGTERM', () => {
    expect(runtime).toMatch(/^HEALTHCHECK .* CMD \["contextflow", "healthy"\]$/m);
    expect(runtime).toMatch(/^STOPSIGNAL SIGTERM$/m);
  });

  it('has the entry of each role, in the place where it is compiled to', () => {
    const entry = read('deploy/contextflow');
    const { files: compiled } = JSON.parse(read('deploy/tsconfig.json')) as { files: string[] };
    for (const app of ['api', 'worker', 'cli']) {
      expect(compiled).toContain(`../apps/${app}/src/main.ts`);
      expect(existsSync(join(root, `apps/${app}/src/main.ts`))).toBe(true);
    }
    expect(entry).toContain('dist/bundle/$role.js');
    expect(entry).toContain('dist/bundle/cli.js');
    for (const role of ['api \\| worker', 'migrate', 'cli', 'healthy'])
      expect(entry).toMatch(new RegExp(`^  ${role}\\)$`, 'm'));
  });

  it.each(['deploy/contextflow', 'deploy/with-certificate', 'deploy/make-certificates'])('can start %s', (script) => {
    expect(() => accessSync(join(root, script), constants.X_OK)).not.toThrow();
    expect(read(script)).toMatch(/^#!\/bin\/sh\n[^]*\nset -eu\n/);
  });
});

describe.each(files)('The services of %s', (file) => {
  it('are found', () => {
    expect(services(file).map(({ name }) => name)).toEqual(expect.arrayContaining(['postgres', 'rabbitmq', ...apps]));
  });

  it('set only what an app reads', () => {
    const known = new Set([...settings, ...databaseParts].flatMap((name) => [name, `${name}_FILE`]));
    const shared = keys(below(read(file), 'x-settings', 0), 2);
    const own = apps.flatMap((name) => keys(below(service(file, name), 'environment', 4), 6));
    const unknown = [...shared, ...own].filter((name) => !known.has(name));

    expect(shared).toEqual(expect.arrayContaining(['NODE_ENV', 'DATABASE_URL', 'RABBITMQ_URL']));
    expect(unknown.map((name) => `${name}: libs/platform/config/settings.ts does not know it`)).toEqual([]);
  });

  it('publish ports of this machine alone', () => {
    const published = [...read(file).matchAll(/^ {6}- (\S*:\d+)$/gm)].map(([, port]) => port as string);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('The services for development', () => {
  it('run images of a version, never of the day', () => {
    const images = [...read(files[0]).matchAll(/^ +image: (.*)$/gm)].map(([, image]) => image as string);
    expect(images).not.toEqual([]);
    for (const image of images) expect(image).toMatch(/^contextflow[\w-]*:|:v?\d+\.\d+(\.\d+)?(-management)?$/);
  });

  it('run no RabbitMQ that may stop delivering from a single active consumer', () => {
    const version = /image: rabbitmq:(\d+)\.(\d+)\.(\d+)/.exec(service(files[0], 'rabbitmq'))?.slice(1).map(Number);
    expect(version).toBeDefined();
    const [major, minor, patch] = version as [number, number, number];
    expect(major).toBe(4);
    expect(minor === 3 && patch < 6).toBe(false);
  });

  it('have the two servers where npm start looks for them', () => {
    const script = read('scripts/lib/compose.mjs');
    for (const [name, inner, variable] of [
      ['postgres', 5432, 'POSTGRES_PORT'],
      ['rabbitmq', 5672, 'RABBITMQ_PORT'],
    ]) {
      expect(script).toContain(`${name}: { inner: ${inner}, variable: '${variable}' }`);
      expect(service(files[0], String(name))).toContain(`127.0.0.1:\${${variable}:-${inner}}:${inner}`);
    }
    // Nothing that npm start would have to set may be missing.
    expect(read(files[0])).not.toContain(':?');
  });

  it('start the apps after the schema is there, and workers in any number', () => {
    for (const name of ['api', 'worker'])
      expect(service(files[0], name)).toContain('migrate:\n        condition: service_completed_successfully');
    expect(service(files[0], 'worker')).not.toMatch(/ports:|container_name:/);
  });

  it('keep tools and tests out unless they are asked for', () => {
    for (const [name, profile] of Object.entries({ adminer: 'tools', mail: 'tools', traces: 'tools', test: 'test' }))
      expect(service(files[0], name)).toContain(`profiles: [${profile}]`);
  });
});

describe('The services for production', () => {
  const text = read(files[1]);
  const shared = below(text, 'x-settings', 0);

  it('reach both servers by TLS alone', () => {
    expect(shared).toMatch(/DATABASE_URL: postgres:.*\?sslmode=verify-full$/m);
    expect(shared).toMatch(/RABBITMQ_URL: amqps:/);
    expect(shared).toContain('DATABASE_CA_FILE: /certificates/');
    expect(shared).toContain('RABBITMQ_CA_FILE: /certificates/');
    expect(read('deploy/rabbitmq/tls.conf')).toMatch(/^listeners\.tcp = none$/m);
    expect(read('deploy/postgres/pg_hba.conf')).not.toMatch(/^host(nossl)?\s/m);
  });

  it('have no secret in them and no default for one', () => {
    const secret = /^ +\w*(PASSWORD|PASS|KEY|KEYS|TOKEN|_URL): (.*)$/gm;
    const values = [...text.matchAll(secret)].map(([, , value]) => value as string);
    expect(values).not.toEqual([]);
    for (const value of values) expect(value).toMatch(/\$\{\w+:\?[^}]+\}/);
    expect(text).not.toMatch(/\$\{\w*(PASSWORD|SECRET|KEY|TOKEN)\w*:-/);
  });

  it('give each app every secret of its own, and no other', () => {
    const secretsOf = (name: string): string[] =>
      (service(files[1], name).match(/secrets: \[(.*)\]/)?.[1] ?? '').split(', ').sort();
    const wantedBy = (name: string): string[] =>
      [...`${shared}\n${service(files[1], name)}`.matchAll(/_FILE: \/run\/secrets\/(\w+)/g)]
        .map(([, secret]) => secret as string)
        .sort();
    for (const name of apps) expect(secretsOf(name)).toEqual(wantedBy(name));
    expect(keys(below(text, 'secrets', 0), 2).sort()).toEqual(wantedBy('api'));
  });

  it('publish neither server', () => {
    for (const name of ['postgres', 'rabbitmq']) expect(service(files[1], name)).toContain('ports: !reset []');
  });

  it('bound what each may take, and write', () => {
    for (const { name, text: own } of services(files[1])) {
      expect(`${name}: ${own}`).toMatch(/limits:\n +cpus: .*\n +memory: /);
      expect(`${name}: ${own}`).toContain('logging: *logging');
      expect(`${name}: ${own}`).toMatch(name === 'migrate' ? /restart: 'no'/ : /restart: unless-stopped/);
    }
    expect(below(text, 'x-app', 0)).toContain('read_only: true');
    expect(below(text, 'x-app', 0)).toContain('cap_drop: [ALL]');
  });
});

describe('Settings', () => {
  const known = new Set([...settings, ...databaseParts, ...operatorAccess]);
  /** What a file tells of, at the places where it tells of settings. */
  const told = (file: string, place: RegExp): string[] =>
    [...read(file).matchAll(place)].flatMap(([, names]) => (names as string).match(/[A-Z][A-Z_]+/g) ?? []);

  it.each([
    ['.env.example', /^# ([A-Z_]+)=/gm],
    ['docs/configuration.md', /^\| (`[A-Z_]+`[^|]*)\|/gm],
  ])('are all told in %s, and nothing else is', (file, place) => {
    const text = read(file);
    expect([...known].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
    expect(told(file, place).filter((name) => !known.has(name))).toEqual([]);
  });
});
