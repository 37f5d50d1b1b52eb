import { nearestName, type TextData } from '@maque/kit';
import { fieldAt, recordFields } from './condition.ts';
import type { DefinitionProblem } from './definition-error.ts';
import type { Fields, RelationTarget } from './field.ts';

const NAME = /^[a-z][A-Za-z0-9_]{0,47}$/;
// Names that SQLite gives its hidden key columns, that rules and answers use, and that are words of the filter language.
const RESERVED_FIELDS = new Set([
  'rowid',
  'oid',
  'allOf',
  'expanded',
  'distance_m',
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
  checkColumnNames(declared: RelationTarget, where: string): void {
    const facts = recordFields({ ...declared, fields: {} });
    for (const name of Object.keys(declared.fields)) {
      if (RESERVED_FIELDS.has(name) || Object.hasOwn(facts, name))
        this.add('NAME_RESERVED', `${where}.${name}`);
    }
  }

  unknownField(fields: Fields, name: string, where: string): void {
    const near = nearestName(name, Object.keys(fields));
    this.add('FIELD_UNKNOWN', where, {
      field: name,
      near: near === undefined ? '' : ` (${near}?)`,
    });
  }

  unsuitedField(fields: Fields, name: string, where: string): void {
    this.add('FIELD_UNSUITED', where, { field: name, kind: fieldAt(fields, name)?.spec.kind });
  }

  /** Checks the names of options: under another a rule would hold nobody, and nobody be told. */
  checkOptions(given: object | undefined, known: readonly string[], where: string): void {
    for (const name of Object.keys(given ?? {})) {
      if (known.includes(name)) continue;
      const near = nearestName(name, known);
      const data = { near: near === undefined ? '' : ` (${near}?)`, known: known.join(', ') };
      this.add('OPTION_UNKNOWN', where === '' ? name : `${where}.${name}`, data);
    }
  }

  unknownHandler(name: string, known: readonly string[], where: string): void {
    const near = nearestName(name, known);
    const guess = near === undefined ? '' : ` (${near}?)`;
    this.add('HANDLER_UNKNOWN', where, { near: guess, known: known.join(', ') });
  }
}
