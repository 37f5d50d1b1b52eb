import type { RecordBase } from '@maque/contract';

/** What the client's types need of a field of `defineApp`. */
export interface FieldShape {
  readonly valueType: unknown;
  readonly presence: string;
  readonly isHidden: boolean;
  readonly spec: { readonly kind: string };
  /** What is behind a relation: a {@link CollectionShape}, or `'self'`. */
  readonly behind: unknown;
}

export interface FieldShapes {
  readonly [name: string]: FieldShape;
}

/** What the client's types need of a collection. */
export interface CollectionShape {
  readonly fields: FieldShapes;
  readonly computed?: { readonly [name: string]: { readonly as: FieldShape } };
  readonly authors?: boolean;
  readonly softDelete?: object | undefined;
}

/** What the client's types need of an app, so that `typeof app` fits without the server being a dependency. */
export interface AppShape {
  readonly collections: { readonly [name: string]: CollectionShape };
}

export type CollectionName<App extends AppShape> = keyof App['collections'] & string;

type ValueOf<F extends FieldShape> = F['presence'] extends 'optional'
  ? F['valueType'] | null
  : F['valueType'];

/** Fields that leave the server. */
type VisibleNames<F extends FieldShapes> = {
  [Name in keyof F & string]: F[Name] extends { readonly isHidden: true } ? never : Name;
}[keyof F & string];

/** Fields of these kinds that leave the server. */
export type NamesOfKind<F extends FieldShapes, Kind extends string> = {
  [Name in VisibleNames<F>]: F[Name]['spec']['kind'] extends Kind ? Name : never;
}[VisibleNames<F>];

/** Paths into documents to what is of these kinds: `address.city`. */
export type DocumentPath<F extends FieldShapes, Kind extends string> = {
  [Name in NamesOfKind<F, 'object' | 'json'>]: F[Name]['behind'] extends {
    readonly fields: infer Inside extends FieldShapes;
  }
    ? `${Name}.${NamesOfKind<Inside, Kind> | DocumentPath<Inside, Kind>}`
    : never;
}[NamesOfKind<F, 'object' | 'json'>];

type RequiredNames<F extends FieldShapes> = {
  [Name in VisibleNames<F>]: F[Name] extends { readonly presence: 'required' } ? Name : never;
}[VisibleNames<F>];

type Values<F extends FieldShapes, Names extends keyof F> = { readonly [Name in Names]: ValueOf<F[Name]> };

/** What the server keeps of every record beside its fields. */
type FactsOf<C extends CollectionShape> = RecordBase &
  (C['authors'] extends true
    ? { readonly createdBy: string | null; readonly updatedBy: string | null }
    : unknown) &
  (C['softDelete'] extends object ? { readonly deletedAt: string | null } : unknown);

/** What the server works out of the others whenever it answers a record. */
type ComputedOf<C extends CollectionShape> = {
  readonly [Name in keyof C['computed']]: C['computed'][Name] extends {
    readonly as: infer As extends FieldShape;
  }
    ? ValueOf<As>
    : never;
};

/** A record of a collection as lists and `get` answer it. */
export type RowOf<C extends CollectionShape> = FactsOf<C> &
  Values<C['fields'], VisibleNames<C['fields']>> &
  ComputedOf<C>;

/** What gives a field its value: in objects, what is optional or has a default may be left out. */
type InputOf<F extends FieldShape> =
  | (F['spec']['kind'] extends 'object'
      ? F['behind'] extends { readonly fields: infer Inside extends FieldShapes }
        ? InputsOf<Inside>
        : F['valueType']
      : F['behind'] extends { readonly item: infer Item extends FieldShape }
        ? readonly InputOf<Item>[]
        : F['valueType'])
  | (F['presence'] extends 'optional' ? null : never);

type InputsOf<F extends FieldShapes> = { readonly [Name in RequiredNames<F>]: InputOf<F[Name]> } & {
  readonly [Name in VisibleNames<F>]?: InputOf<F[Name]>;
};

/** What creates a record: every required field, and those with a default or none as one likes. */
export type NewRowOf<C extends CollectionShape> = InputsOf<C['fields']>;

/** What changes a record: any of the fields. */
export type RowChangesOf<C extends CollectionShape> = {
  readonly [Name in VisibleNames<C['fields']>]?: InputOf<C['fields'][Name]>;
};

/** A record as lists and `get` answer it: `RecordOf<App, 'products'>`. */
export type RecordOf<App extends AppShape, Name extends CollectionName<App>> = RowOf<
  App['collections'][Name]
>;

/** What `create` takes: every required field, and those with a default or none as one likes. */
export type NewRecordOf<App extends AppShape, Name extends CollectionName<App>> = NewRowOf<
  App['collections'][Name]
>;

/** What `update` takes: any of the fields. */
export type ChangesOf<App extends AppShape, Name extends CollectionName<App>> = RowChangesOf<
  App['collections'][Name]
>;
