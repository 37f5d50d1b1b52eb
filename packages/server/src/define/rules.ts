import { type Caller, caller, type Field, type Fields } from './field.ts';

/** The kinds of field whose values can be compared. */
type ScalarKind = 'text' | 'int' | 'money' | 'bool' | 'datetime' | 'enum' | 'relation' | 'user';

type OperandOf<F> =
  F extends Field<infer Value, infer Present, infer Kind>
    ? Kind extends ScalarKind
      ? Value | (Present extends 'optional' ? null : never) | (Kind extends 'user' ? Caller : never)
      : never
    : never;

type OrderedOperandOf<F> =
  F extends Field<infer Value, infer _Present, infer Kind>
    ? Kind extends 'text' | 'int' | 'money' | 'datetime'
      ? Value
      : never
    : never;

interface Comparison<Operand, Ordered> {
  readonly '='?: Operand;
  readonly '!='?: Operand;
  readonly '>'?: Ordered;
  readonly '>='?: Ordered;
  readonly '<'?: Ordered;
  readonly '<='?: Ordered;
  readonly in?: readonly Exclude<Operand, null>[];
}

type ConditionOn<F> = [OperandOf<F>] extends [never]
  ? never
  : OperandOf<F> | Comparison<OperandOf<F>, OrderedOperandOf<F>>;

/**
 * A condition on a record: every field named must fit. `{ category: 'tea', stock: { '>': 0 } }`.
 * A null fits `=` and `!=` only.
 */
export type Where<F extends Fields> = { readonly [Name in keyof F]?: ConditionOn<F[Name]> } & {
  readonly id?: string | Comparison<string, string>;
  readonly createdAt?: Comparison<string, string>;
  readonly updatedAt?: Comparison<string, string>;
  /** Keeps texts and lists out, which else fit wherever a field is called as one of their methods, such as `at`. */
  readonly [Symbol.iterator]?: never;
};

/** A condition whose fields are not known to the type checker. */
export type AnyWhere = { readonly [name: string]: unknown };

/** Who, whatever the record is. */
export type Audience = 'public' | 'user' | 'admin' | 'nobody';

/**
 * Who may do something to a record: an audience, a condition on the record, any of several (an array) or all of
 * several (`allOf`). Admins pass every rule but `'nobody'`; what no rule names, nobody may do.
 */
export type Rule<F extends Fields> =
  | Audience
  | Where<F>
  | readonly Rule<F>[]
  | { readonly allOf: readonly Rule<F>[] };

export type AnyRule = Audience | AnyWhere | readonly AnyRule[] | { readonly allOf: readonly AnyRule[] };

export type Operation = 'list' | 'read' | 'create' | 'update' | 'delete';
export const OPERATIONS: readonly Operation[] = ['list', 'read', 'create', 'update', 'delete'];

/**
 * One rule for each operation; `'nobody'` where there is none. A condition of `create` is about the new record, one of
 * `update` about the record both before and after the change, so nobody can give away what they could not take.
 */
export type Rules<F extends Fields> = { readonly [Name in Operation]?: Rule<F> };

/** The user whom the record names in this field. */
export function owner<const Name extends string>(field: Name): { readonly [Key in Name]: Caller } {
  return { [field]: caller } as { readonly [Key in Name]: Caller };
}
