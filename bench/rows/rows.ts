import type { Row } from '../row.js';
import { accept } from './accept.js';
import { processChange, processCreate } from './process.js';

/** In the order of the table. */
export const rows: readonly Row[] = [accept, processCreate, processChange];
