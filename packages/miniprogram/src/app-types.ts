import type { RecordBase } from '@maque/contract';

/** What the client's types need of a field of `defineApp`. */
export interface FieldShape {
  readonly valueType: unknown;
  readonly presence: string;
  readonly isHidden: boolean;
}

interface FieldShapes {
  readonly [name: string]: FieldShape;
}

/** What the client's types need of an app, so that `typeof app` fits without the server being a dependency. */
export interface AppShape {
  readonly collections: { readonly [name: string]: { readonly fields: FieldShapes } };
}

export type CollectionName<App extends AppShape> = keyof App['collections'] & string;

type FieldsOf<App extends AppShape, Name extends CollectionName<App>> = App['collections'][Name]['fields'];

type ValueOf<F extends FieldShape> = F['presence'] extends 'optional'
  ? F['valueType'] | null
  : F['valueType'];

/** Fields that leave the server. */
type VisibleNames<F extends FieldShapes> = {
  [Name in keyof F & string]: F[Name] extends { readonly isHidden: true } ? never : Name;
}[keyof F & string];

type RequiredNames<F extends FieldShapes> = {
  [Name in VisibleNames<F>]: F[Name] extends { readonly presence: 'required' } ? Name : never;
}[VisibleNames<F>];

type Values<F extends FieldShapes, Names extends keyof F> = { readonly [Name in Names]: ValueOf<F[Name]> };

/** A record as lists and `get` answer it: `RecordOf<App, 'products'>`. */
export type RecordOf<App extends AppShape, Name extends CollectionName<App>> = RecordBase &
  Values<FieldsOf<App, Name>, VisibleNames<FieldsOf<App, Name>>>;

/** What `create` takes: every required field, and those with a default or none as one likes. */
export type NewRecordOf<App extends AppShape, Name extends CollectionName<App>> = Values<
  FieldsOf<App, Name>,
  RequiredNames<FieldsOf<App, Name>>
> &
  ChangesOf<App, Name>;

/** What `update` takes: any of the fields. */
export type ChangesOf<App extends AppShape, Name extends CollectionName<App>> = Partial<
  Values<FieldsOf<App, Name>, VisibleNames<FieldsOf<App, Name>>>
>;
