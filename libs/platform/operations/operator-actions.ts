import { newId } from '#kernel';

import type { Transaction } from '../database/database.js';

/** Who acts, and why. */
export interface Operator {
  readonly id: string;
  readonly reason?: string;
  readonly correlationId: string;
}

export const actionNames = [
  'retry',
  'edit',
  'discard',
  'pause',
  'resume',
  'drain',
  'rebuild',
  'cancel',
  'move',
] as const;
export type ActionName = (typeof actionNames)[number];

export const subjectKinds = [
  'parked_command',
  'parked_event',
  'dead_message',
  'worker',
  'projection',
  'scheduled_command',
] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** What an operator did to what, and how it stood before and after. */
export interface OperatorAction {
  readonly action: ActionName;
  readonly subject: SubjectKind;
  readonly subjectId: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** The message, as its parked row held it, where the action changed or removed it. */
  readonly envelopeBefore?: Buffer;
  readonly envelopeAfter?: Buffer;
  /** Whom the message is about: it goes when that person is forgotten. */
  readonly person?: string;
}

const insert = {
  name: 'operator_actions_insert',
  text: `
    insert into platform.operator_actions
      (id, action, subject, subject_id, operator, reason, before, after, envelope_before, envelope_after, person,
        correlation_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
};

/** Keeps what an operator did, in the transaction that does it. */
export async function record(transaction: Transaction, operator: Operator, action: OperatorAction): Promise<void> {
  await transaction.query(insert, [
    newId(),
    action.action,
    action.subject,
    action.subjectId,
    operator.id,
    operator.reason,
    JSON.stringify(action.before),
    JSON.stringify(action.after),
    action.envelopeBefore,
    action.envelopeAfter,
    action.person,
    operator.correlationId,
  ]);
}
