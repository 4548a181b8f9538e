import { Injectable, type PipeTransform } from '@nestjs/common';

import { Problem } from '../http/problem.js';

/** A projection's name in a path: what cannot be one is not looked for. */
@Injectable()
export class ProjectionNamePipe implements PipeTransform<string, string> {
  transform(name: string): string {
    if (/^[a-z_]{1,63}\.[a-z_]{1,63}$/.test(name)) return name;
    throw new Problem({ code: 'NOT_FOUND', reason: 'not_found', detail: 'names of projections are <context>.<table>' });
  }
}
