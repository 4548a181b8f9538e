import { Injectable, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';

import { Problem } from './problem.js';

/** An id in a path, in lower case, so that one aggregate has one lane however its id is written. */
@Injectable()
export class UuidPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (isUUID(value)) return value.toLowerCase();
    throw new Problem({ code: 'NOT_FOUND', reason: 'not_found', detail: 'ids here are UUIDs' });
  }
}
