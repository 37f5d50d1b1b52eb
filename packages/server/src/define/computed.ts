import type { Field, Fields, ValueOf, ValuesOf } from './field.ts';
import type { RecordFacts } from './record-facts.ts';

/** A field that is worked out from the others whenever a record is answered; it is not kept, filtered or sorted by. */
export interface ComputedField<F extends Fields, As extends Field = Field> {
  readonly as: As;
  /** Quick and without effects: it runs for each record of each page. */
  readonly from: (record: RecordFacts & ValuesOf<F>) => ValueOf<As>;
}

/** Computed fields of a collection with the fields `F`, whose values are those of `As`. */
export type ComputedFields<F extends Fields, As extends Fields> = {
  readonly [Name in keyof As]: ComputedField<F, As[Name]>;
};

/** Computed fields whose record is not known to the type checker. */
export type AnyComputedFields = {
  readonly [name: string]: { readonly as: Field; readonly from: (record: never) => unknown };
};
