/** A refusal that its message explains. */
export class Refused extends Error {}

/** The file that lists all migrations. */
export const list: string;

export function newMigration(root: string, place: string, name: string): Promise<{ file: string; className: string }>;
