import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { newId } from '#kernel';

import { codeOfStatus, Problem, problemDocument } from './problem.js';

const bySocketError: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'the headers are longer than 16 KiB together' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'the request did not arrive in time' },
};

/** Answers what is no HTTP request, or never became one, and closes its connection. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const known = bySocketError[error.code ?? ''] ?? { status: 400, detail: 'this is not a request in HTTP' };
  const code = codeOfStatus(known.status);
  const { detail, status } = known;
  const correlationId = newId();
  const document = {
    ...problemDocument({ code, reason: reasonOf(status), detail }, undefined, correlationId),
    title: STATUS_CODES[status],
    status,
  };
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Correlation-Id: ${correlationId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const reasonOf = (status: number): string =>
  status === 431 ? 'headers_too_large' : status === 408 ? 'request_timeout' : 'malformed_request';

/** The problem of a URL that the router cannot read. */
export const malformedUrl = (): Problem =>
  new Problem({ code: 'VALIDATION_ERROR', reason: 'malformed_url', detail: 'the path of this request cannot be read' });
