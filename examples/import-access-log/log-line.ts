/** A request as a web server has logged it in the combined format. */
export interface LoggedRequest {
  readonly address: string;
  readonly at: Date;
  readonly method: string;
  /** Path and query as they were asked for. */
  readonly target: string;
  readonly status: number;
  /** Undefined where the browser sent none. */
  readonly referrer: string | undefined;
  readonly userAgent: string;
}

const quoted = String.raw`"((?:[^"\\]|\\.)*)"`;
const combined = new RegExp(
  String.raw`^(\S+) \S+ \S+ \[(\d{2})/(\w{3})/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})\] ` +
    String.raw`${quoted} (\d{3}) (?:\d+|-) ${quoted} ${quoted}\s*$`,
);
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @returns undefined when the line is not in the combined format */
export function parseLine(line: string): LoggedRequest | undefined {
  const match = combined.exec(line);
  if (!match) return undefined;
  const [, address = '', day, month = '', year, time, hours, minutes, request = '', status, referrer, userAgent = ''] =
    match;
  const monthNumber = String(months.indexOf(month) + 1).padStart(2, '0');
  const at = new Date(`${year}-${monthNumber}-${day}T${time}${hours}:${minutes}`);
  const [method = '', target, protocol] = request.split(' ');
  if (Number.isNaN(at.getTime()) || !target?.startsWith('/') || !protocol?.startsWith('HTTP/')) return undefined;
  return {
    address,
    at,
    method,
    target,
    status: Number(status),
    referrer: referrer === '-' || referrer === '' ? undefined : referrer,
    userAgent,
  };
}
