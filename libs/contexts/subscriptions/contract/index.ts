export * from './share-commands.js';
export * from './share-events.js';
export * from './share-links.js';
export * from './subscriber-commands.js';
export * from './subscriber-events.js';
export * from './subscription-commands.js';
export * from './subscription-events.js';
export * from './vocabulary.js';
