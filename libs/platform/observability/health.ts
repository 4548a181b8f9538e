export type Health = 'healthy' | 'degraded' | 'unhealthy';

export interface ServiceHealth {
  readonly status: Health;
  /** What is the matter, and what to do. */
  readonly detail?: string;
}

/** What a process knows of its own health. */
export interface HealthReport {
  /** May it be given work? */
  readonly ready: boolean;
  readonly services: Readonly<Record<'database' | 'message_bus' | 'worker', ServiceHealth>>;
}

export abstract class HealthProbe {
  abstract report(): Promise<HealthReport>;
}

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: Record<string, unknown>;
}

export const healthPaths = ['', '/live', '/ready', '/db', '/events'] as const;
export type HealthPath = (typeof healthPaths)[number];

/** The answer of `/health` and the paths below it. 503 when what was asked for is unhealthy, or not ready. */
export async function healthAnswer(probe: HealthProbe, path: HealthPath, version: string): Promise<HealthAnswer> {
  if (path === '/live') return { status: 200, body: { status: 'healthy' } };
  const { ready, services } = await probe.report();
  if (path === '/db') return answer(services.database.status, { ...services.database });
  if (path === '/events') return answer(services.message_bus.status, { ...services.message_bus });
  const states = Object.values(services).map(({ status }) => status);
  const down = services.database.status === 'unhealthy' && services.message_bus.status === 'unhealthy';
  const overall = down ? 'unhealthy' : states.every((status) => status === 'healthy') ? 'healthy' : 'degraded';
  if (path === '/ready')
    return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not_ready', services } };
  return answer(overall, { status: overall, timestamp: new Date().toISOString(), version, services });
}

const answer = (status: Health, body: Record<string, unknown>): HealthAnswer => ({
  status: status === 'unhealthy' ? 503 : 200,
  body,
});
