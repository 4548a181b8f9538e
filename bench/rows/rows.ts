import type { Row } from '../row.js';
import { accept } from './accept.js';
import { endToEnd } from './end-to-end.js';
import { eventReach } from './event-reach.js';
import { growth } from './growth.js';
import { hotAggregate } from './hot-aggregate.js';
import { latencyHalfLoad, latencyIdle } from './latency.js';
import { logReaders, rebuild } from './log.js';
import { memory } from './memory.js';
import { processChange, processCreate } from './process.js';
import { query } from './query.js';
import { start } from './start.js';
import { tracking } from './tracking.js';

/** In the order of the table. */
export const rows: readonly Row[] = [
  accept,
  processCreate,
  processChange,
  endToEnd,
  latencyIdle,
  latencyHalfLoad,
  eventReach,
  logReaders,
  rebuild,
  query,
  growth,
  hotAggregate,
  tracking,
  memory,
  start,
];
