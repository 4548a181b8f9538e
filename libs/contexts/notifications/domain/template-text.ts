import type { Topic } from '../contract/index.js';
import { TemplateSyntaxInvalid, TemplateVariableMissing } from './errors.js';

/** What a notification says, before its variables have values. */
export interface TemplateText {
  readonly topic: Topic;
  readonly subject: string;
  readonly body: string;
  readonly isActive: boolean;
}

type Values = Readonly<Record<string, string>>;

const variable = /(?<!\{)\{\{ *([a-z][a-z0-9_]{0,49}) *\}\}(?!\})/g;

/**
 * The text with its variables replaced, once: what a value says is never taken for a variable.
 * @throws TemplateVariableMissing
 */
export const render = (text: string, values: Values): string =>
  text.replace(variable, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new TemplateVariableMissing(name);
    return value;
  });

/**
 * @param variables those that the text may use, with their meaning
 * @throws TemplateSyntaxInvalid
 */
export function assertSyntax(text: string, variables: Values): void {
  for (const [, name = ''] of text.matchAll(variable))
    if (!Object.hasOwn(variables, name))
      throw new TemplateSyntaxInvalid(`the text uses {{${name}}}: say in variables what it means`);
  if (/\{\{|\}\}/.test(text.replace(variable, '')))
    throw new TemplateSyntaxInvalid('braces in pairs are for variables: write {{name}}, with a name of a–z, 0–9 and _');
}

/** One line of at most so many characters. */
export const line = (text: string, most: number): string =>
  cut(text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim(), most);

/** At most so many characters. */
export function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}
