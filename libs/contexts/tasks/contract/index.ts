export * from './built-in-categories.js';
export * from './category-commands.js';
export * from './category-events.js';
export * from './errors.js';
export * from './task-commands.js';
export * from './task-events.js';
export * from './task-overview.js';
export * from './vocabulary.js';
