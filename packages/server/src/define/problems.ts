import { nearestName, type TextData } from '@maque/kit';
import { fieldNamed, isScalar, RECORD_FIELDS } from './condition.ts';
import type { DefinitionProblem } from './definition-error.ts';
import type { Fields } from './field.ts';

const NAME = /^[a-z][A-Za-z0-9_]{0,47}$/;
// Names that SQLite gives its hidden key columns, that rules use, and that are words of the filter language.
const RESERVED_FIELDS = new Set([
  ...Object.keys(RECORD_FIELDS),
  'rowid',
  'oid',
  'allOf',
  'and',
  'or',
  'not',
  'in',
  'like',
  'has',
  'near',
  'true',
  'false',
  'null',
]);

/** Collects what is wrong with a declaration. */
export class Problems {
  readonly list: DefinitionProblem[] = [];

  add(code: DefinitionProblem['code'], where: string, data: TextData = {}): void {
    this.list.push({ code, where, data });
  }

  /** Checks names that end up as names in a database: their letters, and that no two are one to it. */
  checkNames(names: readonly string[], where: string): void {
    const seen = new Map<string, string>();
    for (const name of names) {
      const path = `${where}.${name}`;
      if (!NAME.test(name)) this.add('NAME_INVALID', path);
      const other = seen.get(name.toLowerCase());
      if (other !== undefined) this.add('NAME_DUPLICATE', path, { other });
      seen.set(name.toLowerCase(), name);
    }
  }

  /** Checks the names of columns. */
  checkColumnNames(fields: Fields, where: string): void {
    for (const name of Object.keys(fields)) {
      if (RESERVED_FIELDS.has(name)) this.add('NAME_RESERVED', `${where}.${name}`);
    }
  }

  unknownField(fields: Fields, name: string, where: string): void {
    const near = nearestName(name, [...Object.keys(fields), ...Object.keys(RECORD_FIELDS)]);
    this.add('FIELD_UNKNOWN', where, {
      field: name,
      near: near === undefined ? '' : ` (${near}?)`,
    });
  }

  unsuitedField(fields: Fields, name: string, where: string): void {
    this.add('FIELD_UNSUITED', where, { field: name, kind: fieldNamed(fields, name)?.spec.kind });
  }

  /** Checks a key such as `-createdAt` of an index or a sort. */
  checkSortKey(fields: Fields, key: string, where: string): void {
    const name = key.replace(/^-/, '');
    const target = fieldNamed(fields, name);
    if (target === undefined) this.unknownField(fields, name, where);
    else if (!isScalar(target)) this.unsuitedField(fields, name, where);
  }
}
