export * from './tracking-commands.js';
export * from './tracking-events.js';
export * from './vocabulary.js';
