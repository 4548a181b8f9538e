/** A link that was asked for, and not used or void yet. */
export interface OutstandingRequest {
  readonly request_id: string;
  readonly purpose: 'password_reset' | 'email_verification';
  readonly expires_at: string;
}

/** How many links of a purpose are good at a time: one more takes the place of the oldest. */
const most = 5;

/** With one more; those of its purpose that have expired by then are left out. */
export function withRequest(
  outstanding: readonly OutstandingRequest[],
  request: OutstandingRequest,
  at: Date,
): readonly OutstandingRequest[] {
  const { purpose } = request;
  const good = outstanding.filter((other) => other.purpose === purpose && new Date(other.expires_at) > at);
  return [...withoutPurpose(outstanding, purpose), ...good.slice(1 - most), request];
}

export const withoutPurpose = (
  outstanding: readonly OutstandingRequest[],
  purpose: OutstandingRequest['purpose'],
): readonly OutstandingRequest[] => outstanding.filter((other) => other.purpose !== purpose);
