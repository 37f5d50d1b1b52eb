import type { CollectionShape, NamesOfKind, RowOf } from './app-types.ts';

type RelationNames<C extends CollectionShape> = NamesOfKind<C['fields'], 'relation' | 'relations'>;

/** The collection behind a relation of `C`. */
type Behind<C extends CollectionShape, Name extends string> = C['fields'][Name]['behind'] extends 'self'
  ? C
  : C['fields'][Name]['behind'] extends CollectionShape
    ? C['fields'][Name]['behind']
    : never;

/** A relation whose records are to come along, or one of the records behind it: `'categoryId'`, `'categoryId.parentId'`. */
export type ExpandPath<C extends CollectionShape> = {
  [Name in RelationNames<C>]: Name | `${Name}.${RelationNames<Behind<C, Name>>}`;
}[RelationNames<C>];

type Head<Path extends string> = Path extends `${infer Name}.${string}` ? Name : Path;
type Tail<Path extends string, Name extends string> = Path extends `${Name}.${infer Rest}` ? Rest : never;

type ExpandedRow<C extends CollectionShape, Path extends string> = RowOf<C> & ExpandedIn<C, Path>;

/**
 * What comes along with a record: one record or null, several where the relation is to several; only what the caller may
 * read. All of it is left out of a page whose `shed` names `expand`.
 */
export type ExpandedIn<C extends CollectionShape, Path extends string> = [Path] extends [never]
  ? unknown
  : {
      readonly expanded?: {
        readonly [Name in Head<Path>]: C['fields'][Name]['spec']['kind'] extends 'relations'
          ? readonly ExpandedRow<Behind<C, Name>, Tail<Path, Name>>[]
          : ExpandedRow<Behind<C, Name>, Tail<Path, Name>> | null;
      };
    };
