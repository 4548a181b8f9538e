import { Injectable } from '@nestjs/common';

import type { NotPublishedReason } from '../messaging/command-publisher.js';
import { Metrics } from './metrics.js';
import { remembered } from './remembered.js';

/** `backlog_full`: too many wait in the command's partition. The others: the broker did not take it. */
export type NotAcceptedReason = NotPublishedReason | 'backlog_full';

const reasons: readonly NotAcceptedReason[] = [
  'unreachable',
  'blocked',
  'busy',
  'refused',
  'unroutable',
  'unknown',
  'backlog_full',
];
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** What the API counts while it works. */
@Injectable()
export class ApiMetrics {
  readonly #accepted;
  readonly #notAccepted;
  readonly #answered;
  readonly #unknown;

  constructor(metrics: Metrics) {
    const accepted = metrics.counter({
      name: 'contextflow_commands_accepted_total',
      help: 'Commands that the broker has confirmed. A copy under the same Idempotency-Key counts again.',
      labels: ['type'],
    });
    const notAccepted = metrics.counter({
      name: 'contextflow_commands_not_accepted_total',
      help: 'Commands that were not taken: answered 429 for backlog_full, else 503, as the broker did not take them.',
      labels: ['reason'],
    });
    this.#unknown = metrics.counter({
      name: 'contextflow_commands_unknown_total',
      help: 'Answers that a command is nowhere: it was never accepted, or it was lost.',
    });
    const answered = metrics.histogram({
      name: 'contextflow_http_request_duration_seconds',
      help: 'Time from a request to the end of its answer, waiting for outcomes included.',
      labels: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    });
    this.#accepted = remembered((type) => accepted.labels(type));
    this.#notAccepted = remembered((reason) => notAccepted.labels(reason));
    for (const reason of reasons) this.#notAccepted(reason).inc(0);
    this.#answered = remembered((route) =>
      remembered((method) => remembered((status) => answered.labels(method, route, status))),
    );
  }

  /** @param type wire name */
  accepted(type: string): void {
    this.#accepted(type).inc();
  }

  notAccepted(reason: NotAcceptedReason): void {
    this.#notAccepted(reason).inc();
  }

  /** Somebody was told that his command is unknown. */
  unknown(): void {
    this.#unknown.inc();
  }

  /** @param route the pattern, never the path */
  answered(method: string, route: string, status: number, seconds: number): void {
    const known = methods.has(method) ? method : 'other';
    this.#answered(route)(known)(classes[Math.floor(status / 100) - 1] ?? '5xx').observe(seconds);
  }
}
