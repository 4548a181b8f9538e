import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Auth1764000400000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema auth');
    await readModels(db);
    await sessions(db);
    await attempts(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop schema auth cascade');
  }
}

async function readModels(db: QueryRunner): Promise<void> {
  await db.query(`
    create table auth.accounts (
      id uuid primary key,
      version int not null,
      email text not null,
      username text not null,
      name text not null,
      is_active boolean not null,
      is_verified boolean not null,
      external_identities text[] not null,
      outstanding jsonb not null,
      sessions_valid_from timestamptz,
      kept_session_id uuid,
      created_at timestamptz not null,
      updated_at timestamptz not null
    ) with (fillfactor = 85)`);
  await db.query('create unique index accounts_email on auth.accounts (email)');
  await db.query('create unique index accounts_username on auth.accounts (lower(username))');
  await db.query('create index accounts_external_identities on auth.accounts using gin (external_identities)');
  await db.query('create index accounts_newest on auth.accounts (created_at desc, id desc)');
  await db.query(`
    create index accounts_sessions_valid_from on auth.accounts (sessions_valid_from)
      where sessions_valid_from is not null`);
  await db.query(`
    create table auth.credentials (
      id uuid primary key,
      version int not null,
      password_hash text not null
    ) with (fillfactor = 85)`);
  await db.query(`
    create table auth.account_endings (
      id uuid primary key,
      version int not null,
      ended_at timestamptz not null
    )`);
  await db.query('create index account_endings_ended on auth.account_endings (ended_at)');
  await db.query(`
    create table auth.role_grants (
      id uuid primary key,
      version int not null,
      grants jsonb not null,
      revoked_at jsonb not null
    )`);
  await db.query(`
    create table auth.service_clients (
      id uuid primary key,
      version int not null,
      name text not null,
      roles text[] not null,
      secret_hash text,
      created_at timestamptz not null,
      revoked_at timestamptz
    )`);
}

async function sessions(db: QueryRunner): Promise<void> {
  // They say where somebody signed in from, so they go with the account's row, in the same transaction.
  await db.query(`
    create table auth.sessions (
      id uuid primary key,
      account_id uuid not null references auth.accounts (id) on delete cascade,
      generation int not null default 0,
      token_hash bytea not null,
      previous_hash bytea,
      rotated_at timestamptz,
      seed bytea not null,
      created_at timestamptz not null,
      last_used_at timestamptz not null,
      expires_at timestamptz not null,
      revoked_at timestamptz,
      revoked_reason text,
      user_agent varchar(200),
      address inet
    ) with (fillfactor = 85)`);
  await db.query('create index sessions_account on auth.sessions (account_id, created_at desc, id desc)');
  await db.query('create index sessions_revoked on auth.sessions (revoked_at) where revoked_at is not null');
  await db.query('create index sessions_expiry on auth.sessions (expires_at)');
  await db.query(`
    create table auth.oauth_flows (
      state_hash bytea primary key,
      provider text not null,
      code_verifier text not null,
      nonce text not null,
      browser_hash bytea not null,
      created_at timestamptz not null,
      expires_at timestamptz not null
    )`);
  await db.query('create index oauth_flows_expiry on auth.oauth_flows (expires_at)');
}

async function attempts(db: QueryRunner): Promise<void> {
  // The columns are those of rate-limiter-flexible.
  await db.query(`
    create table auth.limits (
      key varchar(255) primary key,
      points integer not null default 0,
      expire bigint
    ) with (fillfactor = 85)`);
}
