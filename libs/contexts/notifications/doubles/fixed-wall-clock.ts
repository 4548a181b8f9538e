import { WallClock } from '../application/ports.js';

/** It is always ten o’clock. */
export class FixedWallClock extends WallClock {
  now(): Date {
    return new Date('2026-03-01T10:00:00.000Z');
  }
}
