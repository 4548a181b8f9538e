export * from './profile-events.js';
export * from './user-commands.js';
export * from './user-events.js';
