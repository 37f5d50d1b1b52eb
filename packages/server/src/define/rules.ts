import {
  type Caller,
  caller,
  type Field,
  type FieldKind,
  type Fields,
  type GeoPoint,
  type RelationTarget,
} from './field.ts';
import type { FactFieldsOf } from './record-facts.ts';

/** The kinds of field whose values can be compared. */
type ScalarKind = 'text' | 'int' | 'money' | 'bool' | 'datetime' | 'enum' | 'relation' | 'user' | 'file';
type ManyKind = 'relations' | 'users' | 'files';

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

/** What one of several values can be. */
interface Membership<Item> {
  readonly has?: Item;
}

/** A circle on the map. */
export interface Near extends GeoPoint {
  /** 1 to 100,000. */
  readonly meters: number;
}

type ItemOf<F> =
  F extends Field<infer Value, infer _Present, infer Kind>
    ? Kind extends 'users'
      ? string | Caller
      : Kind extends ManyKind
        ? string
        : Kind extends 'list'
          ? Value extends readonly (infer Item extends string | number | boolean)[]
            ? Item
            : never
          : never
    : never;

type ConditionOn<F> =
  F extends Field<infer _Value, infer _Present, infer Kind>
    ? // Behind a relation whose collection is not known, anything may be said; it is looked at when the app starts.
      FieldKind extends Kind
      ? unknown
      : Kind extends 'geo'
        ? { readonly near: Near }
        : ConditionOnValue<F>
    : never;

type ConditionOnValue<F> = [ItemOf<F>] extends [never]
  ? [OperandOf<F>] extends [never]
    ? never
    : OperandOf<F> | Comparison<OperandOf<F>, OrderedOperandOf<F>>
  : Membership<ItemOf<F>>;

/** The fields behind a field of `F`: of the records that it leads to, facts included, or inside of its document. */
type FieldsBehind<F, One> =
  One extends Field<infer _V, infer _P, infer _K, infer _H, infer Behind>
    ? Behind extends 'self'
      ? F
      : Behind extends RelationTarget
        ? AllFieldsOf<Behind>
        : Behind extends { readonly fields: infer Inside }
          ? MayBeMissing<Inside>
          : never
    : never;

/** What is in a document may be missing from it, and is null then. */
type MayBeMissing<F> = {
  [Name in keyof F]: F[Name] extends Field<infer V, infer _P, infer K, infer H, infer B>
    ? Field<V, 'optional', K, H, B>
    : never;
};

/** Paths through a relation or into a document, and on through one more: `category.name`, `seller.address.city`. */
type PathOf<F> = PathFrom<F, 'go on'>;
type PathFrom<F, GoOn> = {
  [Name in keyof F & string]: PathsBehind<Name, FieldsBehind<F, F[Name]>, GoOn>;
}[keyof F & string];
// Every key fits `never`, so that it must not be asked for its keys.
type PathsBehind<Name extends string, Behind, GoOn> = [Behind] extends [never]
  ? never
  : `${Name}.${(keyof Behind & string) | (GoOn extends 'go on' ? PathFrom<Behind, 'end'> : never)}`;

type FieldAt<F, Path> = Path extends `${infer Name}.${infer Rest}`
  ? Name extends keyof F
    ? FieldAt<FieldsBehind<F, F[Name]>, Rest>
    : never
  : Path extends keyof F
    ? F[Path]
    : never;

/** Every field of a collection's records: the declared ones and the facts. */
type AllFieldsOf<C extends RelationTarget> = C['fields'] & FactFieldsOf<C>;

/**
 * A condition on a record: every field named must fit. `{ category: 'tea', stock: { '>': 0 } }`.
 * A null fits `=` and `!=` only. A path through a relation fits when there is a record behind it that fits.
 * @typeParam F the declared fields.
 * @typeParam Facts what the records have besides, such as `createdAt`.
 */
export type Where<F extends Fields, Facts extends Fields = FactFieldsOf<RelationTarget>> = {
  readonly [Name in keyof F]?: ConditionOn<F[Name]>;
} & {
  // Never empty, or what fits the empty type, such as a misspelt name, would fit all of this.
  readonly [Path in PathOf<F & Facts> | keyof Facts]?: ConditionOn<FieldAt<F & Facts, Path>>;
} & {
  /** Keeps texts and lists out, which else fit wherever a field is called as one of their methods, such as `at`. */
  readonly [Symbol.iterator]?: never;
};

/** A condition on the records of a collection. */
export type WhereOf<C extends RelationTarget> = Where<C['fields'], FactFieldsOf<C>>;

/** A condition whose fields are not known to the type checker. */
export type AnyWhere = { readonly [name: string]: unknown };

/** Who, whatever the record is. */
export type Audience = 'public' | 'user' | 'admin' | 'nobody';

/** Names what a rule is that is neither an audience nor a condition; by name, as `caller` is. */
export const ruleKind: unique symbol = Symbol.for('maque.rule');

/** Whoever has one of these roles: a member of staff, a user, or the machine behind an API key. */
export interface RoleRule {
  readonly [ruleKind]: 'role';
  readonly roles: readonly string[];
}

/** Nothing is written but these fields. For create and update. */
export interface OnlyRule<Name extends string = string> {
  readonly [ruleKind]: 'only';
  readonly fields: readonly Name[];
}

/** The record as it was before the change (`was`), or as it will be (`becomes`). For update. */
export interface MomentRule<W = AnyWhere> {
  readonly [ruleKind]: 'was' | 'becomes';
  readonly where: W;
  /** Never set: carries the names to the type checker, which else would let unknown ones pass beside known ones. */
  readonly names?: keyof W & string;
}

/** What any rule can say; `Special` is what rules of writing can say besides. */
type RuleOf<F extends Fields, Facts extends Fields, Special> =
  | Audience
  | RoleRule
  | Special
  | Where<F, Facts>
  | readonly RuleOf<F, Facts, Special>[]
  | { readonly allOf: readonly RuleOf<F, Facts, Special>[] };

type Moment<F extends Fields, Facts extends Fields> = MomentRule<Where<F, Facts>>;

/**
 * Who may do something to a record: an audience, a role, a condition on the record, any of several (an array) or all of
 * several (`allOf`). Admins pass every rule but `'nobody'`; what no rule names, nobody may do.
 */
export type Rule<F extends Fields, Facts extends Fields = FactFieldsOf<RelationTarget>> = RuleOf<
  F,
  Facts,
  never
>;

export type AnyRule =
  | Audience
  | RoleRule
  | OnlyRule
  | MomentRule
  | AnyWhere
  | readonly AnyRule[]
  | { readonly allOf: readonly AnyRule[] };

export type Operation = 'list' | 'read' | 'create' | 'update' | 'delete';
export const OPERATIONS: readonly Operation[] = ['list', 'read', 'create', 'update', 'delete'];

/** Who may see a field, and who may set it; whoever may do so to the record unless said. */
export interface FieldRules<F extends Fields, Facts extends Fields = FactFieldsOf<RelationTarget>> {
  readonly read?: Rule<F, Facts>;
  readonly write?: RuleOf<F, Facts, Moment<F, Facts>>;
}

/**
 * One rule for each operation; `'nobody'` where there is none. A condition of `create` is about the new record, one of
 * `update` about the record both before and after the change, so nobody can give away what they could not take.
 */
export type Rules<F extends Fields, Facts extends Fields = FactFieldsOf<RelationTarget>> = {
  readonly [Name in 'list' | 'read' | 'delete']?: Rule<F, Facts>;
} & {
  readonly create?: RuleOf<F, Facts, OnlyRule<keyof F & string>>;
  readonly update?: RuleOf<F, Facts, OnlyRule<keyof F & string> | Moment<F, Facts>>;
  /** Rules of single fields, beside those of the record. */
  readonly fields?: { readonly [Name in keyof F]?: FieldRules<F, Facts> };
};

/** The user whom the record names in this field. */
export function owner<const Name extends string>(field: Name): { readonly [Key in Name]: Caller } {
  return { [field]: caller } as { readonly [Key in Name]: Caller };
}

/** Whoever has one of these roles: `create: role('editor', 'shop-manager')`. */
export function role(...roles: readonly string[]): RoleRule {
  return { [ruleKind]: 'role', roles };
}

/** Allows to write these fields and no others: `update: { allOf: [owner('userId'), only('address', 'note')] }`. */
export function only<const Name extends string>(...fields: readonly Name[]): OnlyRule<Name> {
  return { [ruleKind]: 'only', fields };
}

/** The record before the change: `update: { allOf: [was({ status: 'draft' }), owner('authorId')] }`. */
export function was<const W extends AnyWhere>(where: W): MomentRule<W> {
  return { [ruleKind]: 'was', where };
}

/** The record after the change: `update: [becomes({ status: 'cancelled' })]`. */
export function becomes<const W extends AnyWhere>(where: W): MomentRule<W> {
  return { [ruleKind]: 'becomes', where };
}
