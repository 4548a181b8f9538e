import { Injectable } from '@nestjs/common';

import { Metrics } from '../observability/metrics.js';
import type { StreamEnd } from './live-stream.js';

const ends: readonly StreamEnd[] = ['left', 'slow', 'expired', 'revoked', 'closing'];

/** What the API counts of its streams. */
@Injectable()
export class StreamMetrics {
  readonly #ended;
  #open = 0;

  constructor(metrics: Metrics) {
    metrics.gauge({ name: 'contextflow_streams_open', help: 'Streams of server-sent events that are open.' }, () => [
      { value: this.#open },
    ]);
    this.#ended = metrics.counter({
      name: 'contextflow_streams_ended_total',
      help: 'Streams that have ended: left by the client, slow (dropped), expired, revoked, closing (the API ended).',
      labels: ['reason'],
    });
    for (const reason of ends) this.#ended.inc({ reason }, 0);
  }

  opened(): void {
    this.#open++;
  }

  ended(reason: StreamEnd): void {
    this.#open--;
    this.#ended.inc({ reason });
  }
}
