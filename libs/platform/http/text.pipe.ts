import { Injectable, type PipeTransform } from '@nestjs/common';

import { assertText } from './plain-json.js';

/** A text in a path that is no id of ours: without the white space around it, and of characters that can be stored. */
@Injectable()
export class TextPipe implements PipeTransform<string, string> {
  /** @throws InvalidMessage */
  transform(value: string): string {
    assertText(value, '');
    return value.trim();
  }
}
