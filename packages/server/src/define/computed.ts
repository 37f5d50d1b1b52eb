import type { Field, Fields, ValueOf, ValuesOf } from './field.ts';
import type { RecordFacts } from './record-facts.ts';

/** A field that is worked out from the others whenever a record is answered; it is not kept, filtered or sorted by. */
export interface ComputedField<F extends Fields, As extends Field = Field> {
  readonly as: As;
  /** Quick and without effects: it runs for each record of each page. */
  from(record: RecordFacts & ValuesOf<F>): ValueOf<As>;
}
