import type { Field, Fields } from './field.ts';

type NamesOfUsers<F extends Fields> = {
  [Name in keyof F]: F[Name] extends Field<infer _Value, infer _Present, 'user' | 'users'> ? Name : never;
}[keyof F] &
  string;

type OptionalNames<F extends Fields> = {
  [Name in keyof F]: F[Name] extends { readonly presence: 'optional' } ? Name : never;
}[keyof F] &
  string;

/**
 * What the records of a collection have to do with users: those that name somebody in `user` are in their export, and when
 * they leave, such records are deleted, or kept without the person in them (`anonymise`): the law wants the books of a
 * shop kept for years, so paid orders stay while name, phone and address in them go (`clears`). A field of several users
 * loses the one who leaves, and the record stays for the others. What is to be deleted while others refer to it stays empty.
 */
export interface Personal<F extends Fields = Fields> {
  readonly user: NamesOfUsers<F> | readonly NamesOfUsers<F>[];
  readonly onErase: 'delete' | 'anonymise';
  /** Fields that are emptied, beside the user's id, in what is kept. */
  readonly clears?: readonly OptionalNames<F>[];
}

/** A declaration whose fields are not known to the type checker. */
export interface AnyPersonal {
  readonly user: string | readonly string[];
  readonly onErase: 'delete' | 'anonymise';
  readonly clears?: readonly string[];
}

/** The fields in which a collection names those whose its records are; none where they are nobody's. */
export function fieldsOfPersons(personal: AnyPersonal | false | undefined): readonly string[] {
  if (personal === undefined || personal === false) return [];
  return typeof personal.user === 'string' ? [personal.user] : personal.user;
}
