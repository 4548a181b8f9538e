/** SQL for how somebody is shown whose row that alias has: first and last name, or what the account is called. */
export const shownName = (alias: string): string =>
  `coalesce(nullif(concat_ws(' ', ${alias}.first_name, ${alias}.last_name), ''), nullif(${alias}.name, ''), ${alias}.username, '')`;
