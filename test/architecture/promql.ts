/** A metric that a query selects, with the labels that it matches. */
export interface Selected {
  readonly metric: string;
  readonly labels: readonly string[];
}

const tokens =
  /\s*(?:(?<name>[a-zA-Z_:][\w:]*)|(?<duration>\d+(?:ms|[smhdwy]))|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<text>"(?:[^"\\]|\\.)*")|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){}[\],:]))/uy;

const aggregations = new Set(['sum', 'min', 'max', 'avg', 'count', 'group', 'topk', 'bottomk', 'quantile']);
const functions = new Set(
  'abs absent clamp_max clamp_min delta deriv histogram_quantile increase max_over_time min_over_time rate time vector'.split(
    ' ',
  ),
);
const operators = new Set('+ - * / % ^ == != > < >= <= and or unless'.split(' '));
const matches = new Set(['=', '!=', '=~', '!~']);

interface Token {
  readonly kind: string;
  readonly text: string;
}

/** Reads PromQL as far as our own queries use it. */
class Query {
  readonly selected: Selected[] = [];
  /** Labels that results are grouped by or joined on. */
  readonly grouping: string[] = [];
  #at = 0;
  readonly #tokens: Token[] = [];

  constructor(private readonly text: string) {
    tokens.lastIndex = 0;
    for (const end = text.trimEnd().length; tokens.lastIndex < end;) {
      const start = tokens.lastIndex;
      const [kind, found] =
        Object.entries(tokens.exec(text)?.groups ?? {}).find(([, part]) => part !== undefined) ?? [];
      if (!kind || !found) throw new SyntaxError(`"${text.slice(start)}" cannot be read in: ${text}`);
      this.#tokens.push({ kind, text: found });
    }
    this.#expression();
    if (this.#at < this.#tokens.length) this.#fail('the end');
  }

  #expression(): void {
    this.#operand();
    while (operators.has(this.#next)) {
      this.#at++;
      this.#skip('bool');
      if (this.#skip('on') || this.#skip('ignoring')) this.#labels();
      if ((this.#skip('group_left') || this.#skip('group_right')) && this.#next === '(') this.#labels();
      this.#operand();
    }
  }

  #operand(): void {
    this.#skip('-');
    this.#primary();
    for (;;) {
      if (this.#skip('[')) {
        this.#take('duration');
        if (this.#skip(':') && this.#next !== ']') this.#take('duration');
        this.#expect(']');
      } else if (this.#skip('offset')) this.#take('duration');
      else return;
    }
  }

  #primary(): void {
    const { kind, text } = this.#tokens[this.#at++] ?? this.#fail('an operand');
    if (kind === 'number' || kind === 'text') return;
    if (text === '(') {
      this.#expression();
      return this.#expect(')');
    }
    if (kind !== 'name' && text !== '{') this.#fail('an operand', this.#at - 1);
    if (aggregations.has(text)) return this.#aggregation();
    if (this.#next !== '(') return this.#selector(text);
    if (!functions.has(text)) throw new SyntaxError(`"${text}" is no function that is known here: ${this.text}`);
    this.#arguments();
  }

  #aggregation(): void {
    const grouped = this.#grouping();
    this.#arguments();
    if (!grouped) this.#grouping();
  }

  #grouping(): boolean {
    if (!this.#skip('by') && !this.#skip('without')) return false;
    this.#labels();
    return true;
  }

  #arguments(): void {
    this.#expect('(');
    while (this.#next !== ')') {
      this.#expression();
      if (!this.#skip(',')) break;
    }
    this.#expect(')');
  }

  #labels(): void {
    this.#expect('(');
    while (this.#next !== ')') {
      this.grouping.push(this.#take('name'));
      if (!this.#skip(',')) break;
    }
    this.#expect(')');
  }

  #selector(metric: string): void {
    const labels: string[] = [];
    if (this.#skip('{')) {
      while (this.#next !== '}') {
        labels.push(this.#take('name'));
        if (!matches.has(this.#next)) this.#fail('=, !=, =~ or !~');
        this.#at++;
        this.#take('text');
        if (!this.#skip(',')) break;
      }
      this.#expect('}');
    }
    this.selected.push({ metric, labels });
  }

  get #next(): string {
    return this.#tokens[this.#at]?.text ?? '';
  }

  #skip(text: string): boolean {
    if (this.#next !== text) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#skip(text)) this.#fail(text);
  }

  #take(kind: string): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) return this.#fail(`a ${kind}`);
    this.#at++;
    return token.text;
  }

  #fail(expected: string, at = this.#at): never {
    throw new SyntaxError(`${expected} was expected before "${this.#tokens[at]?.text ?? ''}" in: ${this.text}`);
  }
}

/** @throws SyntaxError saying what is wrong with the query */
export function readQuery(text: string): { selected: readonly Selected[]; grouping: readonly string[] } {
  const { selected, grouping } = new Query(text);
  return { selected, grouping };
}
