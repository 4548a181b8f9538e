/** An event of a stream as it travels (WHATWG HTML, 9.2). JSON text has no line breaks, so the data is one line. */
export const frame = (event: string, data: object, id: string): string =>
  `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/** The first words of a stream: where it begins, and how long to wait before coming back after its end. */
export const opening = (id: string, retry: number): string => `retry: ${retry}\nid: ${id}\n\n`;

/** Keeps proxies from closing a quiet stream. A client that comes back with the id has missed nothing before it. */
export const heartbeat = (id: string): string => `:\nid: ${id}\n\n`;

/** The last words of a stream whose server ends. */
export const farewell = (id: string, retry: number): string => `retry: ${retry}\nid: ${id}\n\n`;
