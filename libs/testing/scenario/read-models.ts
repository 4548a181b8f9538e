import type { Class, ReadModelRow } from '#kernel';

/** The rows of the context's inline read models, for the doubles of ports that ask them. */
export abstract class ReadModels {
  /**
   * All rows of one read model as they are now, after whatever was committed before.
   * @throws Error when no projection of the context writes such rows
   */
  abstract rows<Row extends ReadModelRow>(type: Class<Row>): readonly Row[];
}
