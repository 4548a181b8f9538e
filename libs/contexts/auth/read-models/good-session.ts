/**
 * SQL: whether `session` was not ended together with the others of its `account`. Its own end is not looked at. Times are those
 * of accepted commands: a session may be younger than the end of all, and yet have begun before that end was recorded, with the
 * password of before. Hence the versions, which sessions of earlier releases do not have.
 */
export const isOfNow = `(
  account.sessions_valid_from is null
  or session.id = account.kept_session_id
  or session.created_at > account.sessions_valid_from
    and (session.account_version >= account.sessions_valid_from_version) is not false
) is true`;
