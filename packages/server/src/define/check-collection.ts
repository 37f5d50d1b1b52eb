import { parseDuration } from '@maque/kit';
import { checkFieldDeclarations, checkValueFields } from './check-field.ts';
import { checkHooks } from './check-hooks.ts';
import { checkIndexes } from './check-indexes.ts';
import { checkPersonal } from './check-personal.ts';
import { checkRules } from './check-rules.ts';
import type { AnyCollection } from './collection.ts';
import { recordFields, targetOf } from './condition.ts';
import type { Fields } from './field.ts';
import type { Problems } from './problems.ts';

const OPTIONS = Object.keys({
  ...{ fields: true, computed: true, indexes: true, search: true, sort: true, rules: true },
  ...{ authors: true, softDelete: true, personal: true, hooks: true, cache: true },
} satisfies Record<keyof Omit<AnyCollection, 'type'>, true>);
const CACHE_OPTIONS = ['maxAge', 'tolerates', 'staleFor'];

/** What is known of the app around a collection. */
export interface AppFacts {
  readonly collections: ReadonlySet<unknown>;
  readonly roles: readonly string[];
}

/** Checks one collection: fields, indexes, order, rules, hooks and cache. */
export function checkCollection(
  declared: AnyCollection,
  where: string,
  { collections, roles }: AppFacts,
  problems: Problems,
): void {
  const { fields } = declared;
  const { type: _type, ...options } = declared;
  problems.checkOptions(options, OPTIONS, where);
  checkFieldDeclarations(fields, `${where}.fields`, problems);
  problems.checkColumnNames(declared, `${where}.fields`);
  checkFormerNames(fields, `${where}.fields`, problems);
  checkRelations(fields, `${where}.fields`, collections, problems);
  checkComputed(declared, `${where}.computed`, problems);
  checkIndexes(declared, where, problems);
  checkRules(declared, `${where}.rules`, roles, problems);
  checkHiddenFields(declared, `${where}.fields`, problems);
  checkHooks(declared.hooks, `${where}.hooks`, problems);
  checkPersonal(declared, `${where}.personal`, problems);
  const { softDelete } = declared;
  problems.checkOptions(softDelete, ['keepFor'], `${where}.softDelete`);
  if (softDelete !== undefined) checkDuration(softDelete.keepFor, `${where}.softDelete.keepFor`, problems);
  if (declared.cache !== undefined) checkCache(declared, `${where}.cache`, problems);
}

function checkHiddenFields({ fields, rules }: AnyCollection, where: string, problems: Problems): void {
  if ((rules.create ?? 'nobody') === 'nobody') return;
  for (const [name, { isHidden, presence }] of Object.entries(fields)) {
    if (isHidden && presence === 'required') problems.add('HIDDEN_REQUIRED', `${where}.${name}`);
  }
}

/** A former name that is a field of today, or of two fields, would take one field's values for another's. */
function checkFormerNames(fields: Fields, where: string, problems: Problems): void {
  const taken = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  for (const [name, { formerName }] of Object.entries(fields)) {
    if (formerName === undefined) continue;
    const other = taken.get(formerName.toLowerCase());
    if (other !== undefined && other !== name)
      problems.add('NAME_DUPLICATE', `${where}.${name}.renamedFrom`, { other: `${where}.${other}` });
    taken.set(formerName.toLowerCase(), name);
  }
}

function checkRelations(
  fields: Fields,
  where: string,
  collections: ReadonlySet<unknown>,
  problems: Problems,
): void {
  for (const [name, one] of Object.entries(fields)) {
    const target = targetOf(one);
    if (target !== undefined && !collections.has(target))
      problems.add('RELATION_UNKNOWN', `${where}.${name}`);
  }
}

/** Checks the fields that are worked out: they stand beside the others in answers. */
function checkComputed(declared: AnyCollection, where: string, problems: Problems): void {
  const { computed } = declared;
  const shapes = Object.fromEntries(Object.entries(computed).map(([name, { as }]) => [name, as]));
  checkValueFields(shapes, where, problems);
  const known = recordFields(declared);
  for (const [name, { from, ...rest }] of Object.entries(computed)) {
    problems.checkOptions(rest, ['as', 'from'], `${where}.${name}`);
    if (Object.hasOwn(known, name)) problems.add('NAME_RESERVED', `${where}.${name}`);
    if (typeof from !== 'function') problems.add('HANDLER_INVALID', `${where}.${name}.from`);
  }
}

function checkCache({ fields, cache }: AnyCollection, where: string, problems: Problems): void {
  if (cache === undefined) return;
  problems.checkOptions(cache, CACHE_OPTIONS, where);
  checkDuration(cache.maxAge, `${where}.maxAge`, problems);
  if (cache.staleFor !== undefined) checkDuration(cache.staleFor, `${where}.staleFor`, problems);
  for (const name of cache.tolerates) {
    if (!Object.hasOwn(fields, name)) problems.unknownField(fields, name, `${where}.tolerates`);
  }
}

function checkDuration(text: string, where: string, problems: Problems): void {
  try {
    parseDuration(text);
  } catch {
    problems.add('DURATION_INVALID', where, { value: String(text).slice(0, 40) });
  }
}
