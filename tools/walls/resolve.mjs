// Where dependency-cruiser finds what the package's subpath imports name: the sources, since dist/ may not exist.
import { join } from 'node:path';

const libs = join(import.meta.dirname, '../../libs');

export default {
  resolve: {
    alias: {
      '#kernel$': join(libs, 'kernel/index.ts'),
      '#platform': join(libs, 'platform'),
      '#contexts': join(libs, 'contexts'),
      '#testing': join(libs, 'testing'),
    },
    extensionAlias: { '.js': ['.ts', '.js'], '.mjs': ['.mts', '.mjs'] },
    exportsFields: ['exports'],
    conditionNames: ['node', 'import', 'require', 'types', 'default'],
  },
};
