import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The project's folder, whether this runs from the sources or compiled. */
export const projectRoot = rootAbove(import.meta.dirname);

/** The compiled entry of an app, bundled as it ships. */
export function compiledMain(app: 'api' | 'worker' | 'cli'): string {
  const file = join(projectRoot, 'dist/bundle', `${app}.js`);
  if (!existsSync(file)) throw new Error(`${app} is not compiled: run "npm run build" first`);
  return file;
}

/** A folder for what a test run writes: logs, servers' data. */
export function dataFolder(...parts: readonly string[]): string {
  const folder = join(process.env.TEST_DATA_DIR ?? join(tmpdir(), `contextflow-test-${process.pid}`), ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function rootAbove(folder: string): string {
  const isDist = existsSync(join(folder, '.tsbuildinfo'));
  if (existsSync(join(folder, 'package.json')) && !isDist) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('there is no package.json above the test library');
  return rootAbove(parent);
}
