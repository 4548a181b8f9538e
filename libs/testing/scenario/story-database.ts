import { Database } from '#platform/database/database.js';

/** Stands where the pool stands. Nothing in a story may ask it. */
export class StoryDatabase extends Database {
  constructor() {
    super({
      url: 'postgres://nowhere/none',
      applicationName: 'story',
      poolSize: 1,
      acquireTimeout: 1,
      statementTimeout: 1,
      entities: [],
    });
  }

  override onApplicationBootstrap(): void {}

  override query(): Promise<never> {
    return Promise.reject(noDatabase());
  }

  override transaction(): Promise<never> {
    return Promise.reject(noDatabase());
  }
}

const noDatabase = (): Error =>
  new Error('a story has no database: give the port that asked it a double, scenario(Module, { doubles: [...] })');
