import type { Field, FieldKind } from './field.ts';

/** Fields that every record has and nobody writes. */
export interface RecordFacts {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC. Rises with every change of the record, so it is its version too. */
  readonly updatedAt: string;
}

/** Of collections with `authors: true`: the id of the user, member of staff or machine; null for the server's own code. */
export interface AuthorFacts {
  readonly createdBy: string | null;
  readonly updatedBy: string | null;
}

/** Of collections with `softDelete`: null unless it is deleted. */
export interface DeletionFact {
  /** ISO 8601, UTC. */
  readonly deletedAt: string | null;
}

type Fact<Value, Present extends 'required' | 'optional', Kind extends FieldKind> = Field<
  Value,
  Present,
  Kind,
  false,
  undefined
>;

type EveryFact = {
  readonly id: Fact<string, 'required', 'text'>;
  readonly createdAt: Fact<string, 'required', 'datetime'>;
  readonly updatedAt: Fact<string, 'required', 'datetime'>;
};

type AuthorFields = {
  readonly createdBy: Fact<string, 'optional', 'user'>;
  readonly updatedBy: Fact<string, 'optional', 'user'>;
};

type DeletionField = {
  readonly deletedAt: Fact<string, 'optional', 'datetime'>;
};

/** What tells which facts the records of a collection have. */
interface FactTraits {
  readonly authors?: boolean;
  readonly softDelete?: object | undefined;
}

/** The facts of a collection's records as fields, for conditions and orders. */
export type FactFieldsOf<C extends FactTraits> = EveryFact &
  (C['authors'] extends true ? AuthorFields : unknown) &
  (C['softDelete'] extends object ? DeletionField : unknown);

/** The facts of a collection's records as values. */
export type FactsOf<C extends FactTraits> = RecordFacts &
  (C['authors'] extends true ? AuthorFacts : unknown) &
  (C['softDelete'] extends object ? DeletionFact : unknown);
