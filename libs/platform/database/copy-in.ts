import pg from 'pg';

/** What pg has of COPY, and does not tell in its types. */
interface Copying {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** COPY … FROM STDIN of rows that are all there already. */
export class CopyIn extends pg.Query {
  // Not `rows`: pg reads that as how many rows to fetch at a time.
  private constructor(
    statement: string,
    private readonly lines: string,
    end: (error: Error | undefined) => void,
  ) {
    super(statement, end);
  }

  static run(client: pg.ClientBase, statement: string, lines: string): Promise<void> {
    return new Promise((resolve, reject) => {
      client.query(new CopyIn(statement, lines, (error) => (error ? reject(error) : resolve())));
    });
  }

  /** Called by pg once the server waits for rows. What a server that has refused one is still sent, it ignores. */
  handleCopyInResponse(connection: Copying): void {
    connection.sendCopyFromChunk(Buffer.from(this.lines));
    connection.endCopyFrom();
  }
}
