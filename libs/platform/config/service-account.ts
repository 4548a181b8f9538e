import { createPrivateKey } from 'node:crypto';

/** What the key file of a Google service account tells. */
export interface ServiceAccountKey {
  readonly project_id: string;
  readonly client_email: string;
  readonly private_key: string;
  readonly token_uri: string;
}

const fields = ['project_id', 'client_email', 'private_key', 'token_uri'] as const;

/** @throws Error that says what to set */
export function serviceAccountOf(json: string): ServiceAccountKey {
  const key = parsed(json) as Partial<Record<string, unknown>> | undefined;
  const missing = fields.filter((field) => typeof key?.[field] !== 'string');
  if (!key || missing.length > 0)
    throw new Error(
      `FCM_SERVICE_ACCOUNT: set the content of a service account's key file (JSON)${key ? `; ${missing.join(', ')} is missing` : ''}`,
    );
  const account = key as unknown as ServiceAccountKey;
  try {
    createPrivateKey(account.private_key);
  } catch {
    throw new Error('FCM_SERVICE_ACCOUNT: its private_key is no key: set the content of the key file as it is');
  }
  return account;
}

function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
