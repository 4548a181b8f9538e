// Lint rules of this project's own, for what oxlint's built-in rules can't say.

const clock = 'take the time from the Clock port (a use case) or as an argument (an aggregate)';
const chance = 'take the id or number from the command, or from a port';

const hiddenMembers = new Map([
  ['Date.now', clock],
  ['performance.now', clock],
  ['performance.timeOrigin', clock],
  ['process.hrtime', clock],
  ['process.uptime', clock],
  ['Temporal.Now', clock],
  ['Math.random', chance],
  ['crypto.randomUUID', chance],
  ['crypto.getRandomValues', chance],
]);

const hiddenModules = new Map([
  ['uuid', chance],
  ['crypto', chance],
  ['node:crypto', chance],
  ['node:perf_hooks', clock],
  ['perf_hooks', clock],
  ['node:timers', clock],
  ['node:timers/promises', clock],
]);

const nameOf = (node) =>
  node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : undefined;

const objectOf = (node) => {
  if (node.type === 'Identifier') return node.name;
  const isGlobal = node.type === 'MemberExpression' && nameOf(node.object) === 'globalThis';
  return isGlobal ? nameOf(node.property) : undefined;
};

const noHiddenInput = {
  meta: { type: 'problem', docs: { description: 'Decisions depend on nothing but messages, state and ports.' } },
  create(context) {
    const report = (node, what, instead) =>
      context.report({ node, message: `${what} makes a decision that cannot be repeated: ${instead}.` });
    const member = (node, object, property) => {
      const instead = hiddenMembers.get(`${object}.${property}`);
      if (instead) report(node, `${object}.${property}`, instead);
    };
    const module = (node) => {
      const instead = hiddenModules.get(node.source?.value);
      if (instead) report(node, `'${node.source.value}'`, instead);
    };
    return {
      ImportDeclaration: module,
      ImportExpression: module,
      ExportNamedDeclaration: module,
      ExportAllDeclaration: module,
      MemberExpression: (node) => member(node, objectOf(node.object), nameOf(node.property)),
      VariableDeclarator(node) {
        if (node.id.type !== 'ObjectPattern' || !node.init) return;
        for (const { key } of node.id.properties) if (key) member(node, objectOf(node.init), nameOf(key));
      },
      NewExpression(node) {
        if (objectOf(node.callee) === 'Date' && node.arguments.length === 0) report(node, 'new Date()', clock);
      },
      CallExpression(node) {
        if (objectOf(node.callee) === 'Date') report(node, 'Date()', clock);
      },
    };
  },
};

const envInConfigOnly = {
  meta: { type: 'problem', docs: { description: 'Settings enter at one place, checked and typed.' } },
  create(context) {
    const report = (node) =>
      context.report({
        node,
        message: 'The environment is read in libs/platform/config only: add a checked setting there and inject it.',
      });
    const processes = new Set(['process']);
    return {
      ImportDeclaration(node) {
        if (node.source.value !== 'node:process' && node.source.value !== 'process') return;
        for (const specifier of node.specifiers) {
          if (specifier.type === 'ImportSpecifier' && nameOf(specifier.imported) === 'env') report(specifier);
          else processes.add(specifier.local.name);
        }
      },
      MemberExpression(node) {
        if (nameOf(node.property) === 'env' && processes.has(objectOf(node.object))) report(node);
      },
      VariableDeclarator(node) {
        if (node.id.type !== 'ObjectPattern' || !node.init || !processes.has(objectOf(node.init))) return;
        for (const property of node.id.properties) if (property.key && nameOf(property.key) === 'env') report(property);
      },
    };
  },
};

export default {
  meta: { name: 'contextflow' },
  rules: { 'no-hidden-input': noHiddenInput, 'env-in-config-only': envInConfigOnly },
};
