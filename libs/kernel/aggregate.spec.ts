import { describe, expect, it } from '@jest/globals';
import { IsInt, IsString } from 'class-validator';
import fc from 'fast-check';

import { Aggregate } from './aggregate.js';
import { fold, on } from './fold.js';
import { Message } from './message.js';

class Deposited extends Message<Deposited> {
  @IsInt() readonly amount!: number;
}

class Labelled extends Message<Labelled> {
  @IsString() readonly label!: string;
}

interface AccountState {
  readonly balance: number;
  readonly lastBy: string;
}

class Account extends Aggregate<AccountState> {
  protected readonly evolve = fold<AccountState>(
    on(Deposited, (account, { amount }, { actor }) => ({ balance: (account?.balance ?? 0) + amount, lastBy: actor })),
  );

  deposit(amount: number): void {
    this.record(new Deposited({ amount }));
  }

  label(label: string): void {
    this.record(new Labelled({ label }));
  }

  get balance(): number {
    return this.state.balance;
  }
}

const at = new Date('2026-03-01T10:00:00Z');
const opened = (): Account => new Account('a').restore({ state: null, version: 0 }, { at, actor: 'ann' });

describe('An aggregate', () => {
  it('does not exist before its first event', () => {
    const account = opened();
    expect([account.exists, account.version]).toEqual([false, 0]);
  });

  it('lives on with what it has recorded', () => {
    const account = opened();
    account.deposit(3);
    account.deposit(4);
    expect(account.snapshot).toEqual({ state: { balance: 7, lastBy: 'ann' }, version: 2 });
    expect(account.recorded).toEqual([new Deposited({ amount: 3 }), new Deposited({ amount: 4 })]);
  });

  it('counts events that change nothing in its state', () => {
    const account = opened();
    account.deposit(1);
    account.label('savings');
    expect([account.version, account.balance]).toEqual([2, 1]);
  });

  it('continues from a stored state without recording it again', () => {
    const account = new Account('a').restore(
      { state: { balance: 5, lastBy: 'bob' }, version: 8 },
      { at, actor: 'ann' },
    );
    account.deposit(1);
    expect([account.version, account.balance, account.recorded.length]).toEqual([9, 6, 1]);
  });

  it('records nothing unless a repository says when and by whom', () => {
    expect(() => new Account('a').deposit(1)).toThrow('Account was not made by a repository');
  });

  it('comes out of its events as it was when it recorded them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer(), fc.string())), (acts) => {
        const account = opened();
        for (const act of acts)
          if (typeof act === 'number') account.deposit(act);
          else account.label(act);
        const events = account.recorded.map((event, index) => ({
          event,
          version: index + 1,
          occurredAt: at,
          actor: 'ann',
        }));
        expect(new Account('a').replay(events)).toEqual(account.snapshot);
      }),
    );
  });
});
