import { packagesInOne } from './tools/jest/packages.mjs';

// Jest 30 runs the TypeScript sources as native ES modules; types are checked by `tsc`, beside it.
// Timeouts: Jest honours testTimeout for the whole run only, so each project hands its own to tools/jest/setup.mjs.

const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // 'js' stands before 'ts': packages that ship sources beside their build must resolve to the build.
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'json', 'node'],
  moduleNameMapper: {
    ...(await packagesInOne()),
    '^#kernel$': '<rootDir>/libs/kernel/index.ts',
    '^#(platform|contexts|testing)/(.*)\\.js$': '<rootDir>/libs/$1/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          target: 'es2024',
          keepClassNames: true,
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            // Otherwise a declared field is redefined as undefined after the constructor, and every message is empty.
            useDefineForClassFields: false,
          },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
        swcrc: false,
      },
    ],
  },
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: ['<rootDir>/tools/jest/setup.mjs'],
};

const project = (displayName, testMatch, seconds, options = {}) => ({
  ...base,
  ...options,
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  globals: { testTimeoutOfProject: seconds * 1000 },
});

// One file at a time, whatever the number of workers. Faults freeze and kill processes in the middle of transactions, for
// which whoever reads the log on the same server must wait; attacks measure how long an answer takes.
const oneByOne = { runner: '<rootDir>/tools/jest/serial-runner.mjs' };

export default {
  rootDir: import.meta.dirname,
  projects: [
    project('unit', ['{libs,apps,examples,bench}/**/*.spec.ts', 'test/architecture/**/*.spec.ts'], 5),
    project('integration', ['{libs,apps,examples,bench}/**/*.int-spec.ts'], 30),
    project('journeys', ['test/journeys/**/*.e2e-spec.ts'], 60),
    project('faults', ['test/faults/**/*.fault-spec.ts'], 180, oneByOne),
    project('security', ['test/security/**/*.e2e-spec.ts'], 60, oneByOne),
  ],
  coverageDirectory: 'coverage',
  collectCoverageFrom: ['libs/kernel/**/*.ts', 'libs/contexts/*/domain/**/*.ts', '!**/*.spec.ts', '!**/*.int-spec.ts'],
  coverageReporters: ['text', 'lcov'],
  coverageThreshold: { global: { branches: 85, functions: 90, lines: 90, statements: 90 } },
};
