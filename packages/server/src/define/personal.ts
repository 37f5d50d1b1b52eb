import type { Field, Fields } from './field.ts';

type NamesOfUsers<F extends Fields> = {
  [Name in keyof F]: F[Name] extends Field<string, infer _Present, 'user'> ? Name : never;
}[keyof F] &
  string;

type OptionalNames<F extends Fields> = {
  [Name in keyof F]: F[Name] extends { readonly presence: 'optional' } ? Name : never;
}[keyof F] &
  string;

/**
 * What the records of a collection have to do with a user: those that name them in `user` are in their export, and when
 * they leave, such records are deleted, or kept without the person in them (`anonymise`): the law wants the books of a
 * shop kept for years, so paid orders stay while name, phone and address in them go (`clears`).
 */
export interface Personal<F extends Fields = Fields> {
  readonly user: NamesOfUsers<F>;
  readonly onErase: 'delete' | 'anonymise';
  /** Of `anonymise`: fields that are emptied, beside the user's id. */
  readonly clears?: readonly OptionalNames<F>[];
}

/** A declaration whose fields are not known to the type checker. */
export interface AnyPersonal {
  readonly user: string;
  readonly onErase: 'delete' | 'anonymise';
  readonly clears?: readonly string[];
}
