// The walls: each rule's comment says what to do instead. `npm run walls` proves them, by reachability where it counts.

const test = '\\.(spec|int-spec|e2e-spec|fault-spec)\\.ts$|^libs/contexts/[^/]+/doubles/';
const kernel = '^libs/kernel/index\\.ts$';
const contractDoors = '^libs/contexts/[^/]+/contract/index\\.ts$';
const ownContext = '^libs/contexts/$1/';
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})/`;
const wall = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const contexts = [
  wall(
    'contexts-meet-at-contracts',
    "Another context's messages come from its contract/index.ts. Need its data? React to its events in a policy or " +
      'projection of your own. Need an effect in it? Send its command.',
    { path: '^libs/contexts/([^/]+)/' },
    { path: '^libs/contexts/', pathNot: [ownContext, contractDoors] },
  ),
  wall(
    'contract-is-pure',
    'A contract is data that others may know: build it from #kernel, class-validator, class-transformer and other ' +
      'contracts. Anything that acts belongs in domain/, application/ or adapters/.',
    { path: '^libs/contexts/([^/]+)/contract/', pathNot: test },
    {
      pathNot: ['^libs/contexts/$1/contract/', contractDoors, kernel, packages('class-validator', 'class-transformer')],
    },
  ),
  wall(
    'domain-is-pure',
    'A decision needs messages and state only: build it from #kernel, class-validator, class-transformer and ' +
      'contracts. Pass in what it has to know (time, ids, rows) from the handler; reach the world through a port.',
    { path: '^libs/contexts/([^/]+)/domain/', pathNot: test },
    {
      pathNot: [
        '^libs/contexts/$1/(domain|contract)/',
        contractDoors,
        kernel,
        packages('class-validator', 'class-transformer'),
      ],
    },
  ),
  wall(
    'application-knows-ports',
    'Declare an abstract class in application/ports.ts (a repository, a gateway, a lookup), ask for that, and bind ' +
      "the adapter in the context's worker module.",
    { path: '^libs/contexts/([^/]+)/application/', pathNot: test },
    {
      path: [
        '^libs/contexts/[^/]+/adapters/',
        '\\.(queries|module|controller)\\.ts$',
        '^libs/(platform|testing)/',
        packages('typeorm', 'pg', 'amqplib', 'fastify', '@nestjs/(swagger|microservices|platform-[^/]+)'),
      ],
    },
  ),
  wall(
    'read-models-stand-alone',
    'A read model is folded from contracts and read by SQL: move what it shares with the domain into contract/, and ' +
      'let controllers and lookups call it, not the reverse.',
    { path: '^libs/contexts/[^/]+/read-models/', pathNot: test },
    { path: '^libs/contexts/[^/]+/(domain|application|adapters)/' },
  ),
  wall(
    'controllers-send-and-read',
    'A controller sends commands (contract/) and calls queries (read-models/): put the decision into a handler.',
    { path: '^libs/contexts/[^/]+/adapters/http/', pathNot: test },
    { path: '^libs/contexts/[^/]+/(domain|application)/' },
  ),
];

const processes = [
  wall(
    'api-never-decides',
    'The API accepts and reads. Import the command from contract/ and send it; register handlers, policies and ' +
      'projections in the worker module only. Code that both need moves out of engine/ to its own platform folder.',
    { path: '^apps/api/src/main\\.ts$' },
    {
      path: [
        '^libs/contexts/[^/]+/(domain|application)/',
        '^libs/platform/engine/',
        '^libs/platform/messaging/.*(consumer|-source)[^/]*\\.ts$',
      ],
      reachable: true,
    },
  ),
  wall(
    'worker-never-serves',
    'The worker runs commands. Register controllers and queries in the API module only; a check against a read ' +
      'model is a lookup (adapters/lookups/). Code that both need moves out of platform/http/.',
    { path: '^apps/worker/src/main\\.ts$' },
    {
      path: [
        '^libs/contexts/[^/]+/adapters/http/',
        '^libs/.*\\.queries\\.ts$',
        '^libs/platform/http/',
        packages('@nestjs/swagger'),
      ],
      reachable: true,
    },
  ),
  wall(
    'apps-stand-alone',
    'Apps only assemble. Move what two apps need to libs/platform.',
    { path: '^apps/([^/]+)/' },
    { path: '^apps/', pathNot: '^apps/$1/' },
  ),
];

const layers = [
  wall(
    'kernel-knows-nobody',
    'The kernel is plain TypeScript over class-validator, reflect-metadata and uuid. What needs a framework or I/O ' +
      'belongs in libs/platform; give the kernel a port.',
    { path: '^libs/kernel/', pathNot: test },
    {
      pathNot: ['^libs/kernel/', packages('class-validator', 'reflect-metadata', 'uuid')],
      dependencyTypesNot: ['core'],
    },
  ),
  wall(
    'platform-knows-no-context',
    'The platform is given its contexts by the apps: take what you need as a parameter or by a decorator.',
    { path: '^libs/platform/' },
    { path: ['^libs/contexts/', '^apps/', '^examples/'] },
  ),
  wall(
    'libs-know-no-app',
    'Libraries are assembled by apps. Move the code into the library.',
    { path: '^libs/' },
    { path: ['^apps/', '^examples/', '^test/'] },
  ),
  wall(
    'testing-stays-in-tests',
    'Production code does not run on doubles: move a working implementation to libs/platform or into the context.',
    { path: '^(libs/(kernel|platform|contexts)|apps)/', pathNot: test },
    { path: '^(libs/testing|test|libs/contexts/[^/]+/doubles)/' },
  ),
  wall(
    'amqplib-behind-messaging',
    'Use the ports in libs/platform/messaging; broker code belongs in libs/platform/messaging/rabbitmq/.',
    { path: '.', pathNot: ['^libs/platform/messaging/rabbitmq/', '^libs/testing/', '^test/', '^bench/', test] },
    { path: packages('amqplib', '@types/amqplib') },
  ),
  wall(
    'database-behind-platform',
    'Read through ReadDatabase, write through a repository or a projection; columns go into a *.entity.ts, tables ' +
      'into migrations/.',
    {
      path: '.',
      pathNot: [
        '^libs/(platform|testing)/',
        '\\.entity\\.ts$',
        '/migrations/',
        '^apps/cli/',
        '^test/',
        '^bench/',
        test,
      ],
    },
    { path: packages('pg', '@types/pg', 'typeorm') },
  ),
  wall(
    'examples-are-clients',
    'An example shows what a client sees: talk HTTP, and write down the few types that it reads.',
    { path: '^examples/' },
    { path: '^(libs|apps|test)/' },
  ),
  wall(
    'nobody-needs-the-benchmark',
    'What measures is not what works: move what others need into libs/testing.',
    { path: '^(libs|apps|examples|test)/' },
    { path: '^bench/' },
  ),
  wall(
    'peers-stand-alone',
    'A reference is written as if there were no ContextFlow: give it what it needs in its environment.',
    { path: '^bench/peers/[^/]+/' },
    { path: '^(libs|apps|test|bench)/', pathNot: '^bench/peers/' },
  ),
];

const hygiene = [
  wall(
    'no-cycles',
    'Move what both need into a file of its own, or turn one direction into a port.',
    {},
    { circular: true },
  ),
  wall(
    'no-orphans',
    'Nothing imports this file and it imports nothing: wire it, or delete it.',
    { orphan: true, pathNot: [test, '(^|/)main\\.ts$', '\\.d\\.ts$', '\\.config\\.mjs$'] },
    {},
  ),
  wall(
    'no-dead-files',
    'No app reaches this file: register it in its module (a handler, projection, controller), add it to the list it ' +
      'belongs to (a migration), move it to libs/testing, or delete it.',
    { path: '^apps/[^/]+/src/main\\.ts$' },
    {
      path: '^(libs/(kernel|platform|contexts)|apps)/',
      pathNot: [test, '\\.d\\.ts$', '^apps/[^/]+/src/main\\.ts$'],
      reachable: false,
    },
  ),
  wall(
    'nothing-unresolved',
    'Correct the path (relative imports end in .js; other libraries by #kernel, #platform/…, #contexts/…, #testing/…), ' +
      'or install the package.',
    {},
    { couldNotResolve: true },
  ),
  wall(
    'packages-are-declared',
    'Add the package to dependencies in package.json: what another package happens to bring may vanish.',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  wall(
    'production-runs-without-dev-packages',
    'Move the package from devDependencies to dependencies; types alone come by `import type`.',
    { path: '^(libs/(kernel|platform|contexts)|apps)/', pathNot: test },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: packages('@types') },
  ),
];

export default {
  forbidden: [...contexts, ...processes, ...layers, ...hygiene],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|\\.data)/' },
    // Type-only imports count: a contract that merely names a foreign type is coupled to it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    webpackConfig: { fileName: 'tools/walls/resolve.mjs' },
  },
};
