/** What a command is called from: where its lines go, and its settings. */
export class Terminal {
  /** 0: done; 1: failed, or faults were found; 2: called wrongly. */
  exitCode = 0;

  constructor(
    private readonly out: (text: string) => void,
    private readonly err: (text: string) => void,
    /** Default: the process's own, and `.env`. */
    readonly environment?: NodeJS.ProcessEnv,
  ) {}

  say(line: string): void {
    this.out(`${line}\n`);
  }

  complain(line: string): void {
    this.err(`${line}\n`);
  }
}
