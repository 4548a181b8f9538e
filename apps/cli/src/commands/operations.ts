import { Option, type Command } from 'commander';

import { OperatorApi } from '../operator-api.js';
import { sheet, table, type Column } from '../table.js';
import type { Terminal } from '../terminal.js';
import { positive } from './arguments.js';

/** The options that every command for operators takes. */
export interface Asked {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
}

export type View = Readonly<Record<string, unknown>>;

const group = 'Operations:';

/** A command that has others below it, for operators. */
export const operations = (program: Command, name: string, description: string): Command =>
  program.command(name).helpGroup(group).description(`${description} (asks the API, as an administrator)`);

/** A command that asks the API. */
export const asking = (parent: Command, usage: string, description: string): Command =>
  parent
    .command(usage)
    .description(description)
    .addOption(new Option('--url <url>', 'address of the API (default: CONTEXTFLOW_URL, or http://127.0.0.1:8000)'))
    .addOption(new Option('--token <token>', 'access token of an administrator (default: CONTEXTFLOW_TOKEN)'))
    .option('--json', 'answer with JSON');

export const apiOf = ({ url, token }: Asked, terminal: Terminal): OperatorApi =>
  new OperatorApi({ url, token }, terminal.environment);

export const withReason = (command: Command, required: boolean): Command =>
  required
    ? command.requiredOption('--reason <text>', 'why; it is kept')
    : command.option('--reason <text>', 'why; it is kept');

export const withVersion = (command: Command): Command =>
  command.option('--seen <version>', 'only if no other operator has acted since this version', positive);

/** A list with filters, each an option whose name is the parameter's. */
export function addList<T extends View>(
  parent: Command,
  terminal: Terminal,
  list: {
    readonly path: string;
    readonly description: string;
    readonly filters: readonly string[];
    readonly columns: readonly Column<T>[];
    readonly none: string;
  },
): void {
  const command = asking(parent, 'list', list.description);
  for (const filter of list.filters)
    command.option(`--${filter.replaceAll('_', '-')} <${filter}>`, `only this ${filter}`);
  command.option('--limit <count>', 'at most so many', positive, 100);
  command.action(async (options: Asked & { limit: number } & Readonly<Record<string, string>>) => {
    const query = Object.fromEntries(list.filters.map((filter) => [filter, options[camel(filter)]]));
    const items = await apiOf(options, terminal).list<T>(list.path, query, options.limit);
    if (options.json) terminal.say(JSON.stringify(items, undefined, 2));
    else terminal.say(items.length > 0 ? table(items, list.columns) : list.none);
  });
}

/** Shows one thing in full. */
export function addShow(parent: Command, terminal: Terminal, path: string, description: string): void {
  asking(parent, 'show <id>', description).action(async (id: string, options: Asked) => {
    tell(terminal, options, await apiOf(options, terminal).get<View>(`${path}/${encodeURIComponent(id)}`));
  });
}

/** Says one thing in full. */
export const tell = (terminal: Terminal, { json }: Asked, view: View): void =>
  terminal.say(json ? JSON.stringify(view, undefined, 2) : sheet(view));

/** Says what was done: in words, or as the API answered. */
export const report = (terminal: Terminal, { json }: Asked, words: string, answer: unknown): void =>
  terminal.say(json ? JSON.stringify(answer ?? {}, undefined, 2) : words);

const camel = (name: string): string => name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
