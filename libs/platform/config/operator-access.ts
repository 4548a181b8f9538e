import { existsSync } from 'node:fs';

/** Where an operator's commands go, and the access token that they carry. */
export interface OperatorAccess {
  readonly url: string;
  readonly token: string | undefined;
}

/** From `CONTEXTFLOW_URL` and `CONTEXTFLOW_TOKEN`, of the environment or of `.env` beside it (the environment wins). */
export function operatorAccess(environment?: NodeJS.ProcessEnv): OperatorAccess {
  if (!environment && existsSync('.env')) process.loadEnvFile('.env');
  const { CONTEXTFLOW_URL: url, CONTEXTFLOW_TOKEN: token } = environment ?? process.env;
  return { url: url || 'http://127.0.0.1:8000', token: token || undefined };
}
