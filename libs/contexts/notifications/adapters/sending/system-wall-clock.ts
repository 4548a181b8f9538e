import { WallClock } from '../../application/ports.js';

export class SystemWallClock extends WallClock {
  now(): Date {
    return new Date();
  }
}
