import type { Field, Fields, ValuesOf } from './field.ts';
import type { RecordFacts } from './record-facts.ts';

/** A field that is worked out from the others whenever a record is answered; it is not kept, filtered or sorted by. */
export interface ComputedField<F extends Fields, Value = unknown> {
  readonly as: Field<Value>;
  /** Quick and without effects: it runs for each record of each page. */
  readonly from: (record: RecordFacts & ValuesOf<F>) => Value;
}

export type ComputedFields<F extends Fields> = { readonly [name: string]: ComputedField<F> };

/** Computed fields whose record is not known to the type checker. */
export type AnyComputedFields = {
  readonly [name: string]: { readonly as: Field; readonly from: (record: never) => unknown };
};
