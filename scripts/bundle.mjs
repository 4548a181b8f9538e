import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { build } from 'esbuild';

import { lineMap } from './lib/line-map.mjs';
import { inRoot } from './lib/project.mjs';

const outdir = inRoot('dist/bundle');
/** They stay packages: Nest asks for them only where somebody uses them, and nobody here does. */
const optional = [
  '@fastify/multipart',
  '@fastify/view',
  '@grpc/*',
  '@nats-io/*',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  // Loaded only where a collector of traces is named, and not installed everywhere.
  '@opentelemetry/*',
  'amqp-connection-manager',
  // As older versions of class-transformer call what is there.
  'class-transformer/storage',
  'ioredis',
  'kafkajs',
  'mqtt',
  'pg-native',
];
// A chunk runs before the entry that imports it, so each one has to bring what decorators need itself.
const preamble = `import 'reflect-metadata';
import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`;

rmSync(outdir, { recursive: true, force: true });
await Promise.all(['api', 'worker', 'cli'].map(bundle));

/** Each app for itself: what they share would otherwise run before all else, in another order than from the sources. */
async function bundle(app) {
  const { metafile } = await build({
    entryPoints: { [app]: inRoot(`dist/apps/${app}/src/main.js`) },
    outdir,
    chunkNames: `${app}-[name]-[hash]`,
    external: [...optional, 'reflect-metadata'],
    banner: { js: preamble },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    keepNames: true,
    // Node keeps the text of what it runs: half of it would be blanks. Names stay, for traces and for Nest.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [{ name: 'packages', setup: adaptPackages }],
    metafile: true,
    logLevel: 'warning',
  });
  for (const file of Object.keys(metafile.outputs).filter((name) => name.endsWith('.map')))
    writeFileSync(file, JSON.stringify(lineMap(JSON.parse(readFileSync(file, 'utf8')))));
}

/** Packages as they are, but for two things that a bundle needs. */
function adaptPackages({ onLoad, onResolve }) {
  // Node is given one file for each of its 250 operators, of which two dozen are in use.
  onResolve({ filter: /^rxjs(\/operators)?$/ }, ({ path }) => ({
    path: inRoot(path.replace('rxjs', 'node_modules/rxjs/dist/esm'), 'index.js'),
    sideEffects: false,
  }));
  // An import of it as a module reads all that it exports, and thereby loads Node's WebSocket and fetch.
  onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
    kind === 'import-statement' ? { path: 'http', namespace: 'required' } : undefined,
  );
  onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({ contents: `module.exports = require('${path}');` }));
  onLoad({ filter: /node_modules.*\.[cm]?js$/ }, ({ path }) => ({
    contents: `${withBundledRequire(readFileSync(path, 'utf8'))}\n//# sourceMappingURL=${mapToFile(path)}`,
    loader: 'js',
  }));
}

// Mapped types copy what class-validator and class-transformer know of a class: of those in the bundle, no second ones.
function withBundledRequire(code) {
  return /require\('class-transformer/.test(code)
    ? code.replace('const require = createRequire(import.meta.url);', '')
    : code;
}

/** Traces name a package's file, not its lines: reading a map of all lines would slow down each start. */
function mapToFile(path) {
  const map = { version: 3, sources: [basename(path)], names: [], mappings: 'AAAA' };
  return `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
}
