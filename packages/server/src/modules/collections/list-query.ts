import { errors, limits } from '@maque/contract';
import { nearestName } from '@maque/kit';
import { type Condition, fieldNamed, isScalar } from '../../define/condition.ts';
import type { Column, RecordModel } from '../records/record-model.ts';
import { type SortTerm, sortTermsOf } from '../records/sort-terms.ts';
import { parseFilter } from './filter-parser.ts';

const PARAMETERS = ['limit', 'cursor', 'sort', 'filter', 'fields'] as const;
type Parameter = (typeof PARAMETERS)[number];

/** The parameters of a list as they came. */
export type RawListQuery = { readonly [Name in Parameter]?: string };

/** What a list is asked for. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly sort: readonly SortTerm[];
  readonly filter: Condition | undefined;
  readonly columns: readonly Column[];
  /** The list without its place: what a cursor belongs to. */
  readonly list: string;
}

const ISSUE = {
  unknown: { en: 'is not a parameter of lists', zh: '不是列表的参数' },
  unknownNear: {
    en: 'is not a parameter of lists; did you mean {near}?',
    zh: '不是列表的参数,是否应为 {near}?',
  },
  twice: { en: 'is given twice', zh: '重复出现' },
  limit: {
    en: `must be a whole number from 1 to ${limits.pageMax}`,
    zh: `应为 1 到 ${limits.pageMax} 的整数`,
  },
};
const WHOLE_LIST: RawListQuery = Object.freeze({});

/** Takes only the parameters that lists know, each at most once. @throws CodedError VALIDATION_FAILED. */
export function rawListQuery(query: Readonly<Record<string, unknown>>): RawListQuery {
  let isEmpty = true;
  for (const name in query) {
    isEmpty = false;
    if (!PARAMETERS.includes(name as Parameter)) throw unknownParameter(name.slice(0, 60));
    if (typeof query[name] !== 'string')
      throw errors.VALIDATION_FAILED({ details: [{ path: name, issue: ISSUE.twice }] });
  }
  return isEmpty ? WHOLE_LIST : (query as RawListQuery);
}

/** Text that is the same for the same list, whatever the order of its parameters. */
export function listKey({
  limit = '',
  cursor = '',
  sort = '',
  fields = '',
  filter = '',
}: RawListQuery): string {
  // No value but the last one may hold a line break, or two lists could share a key.
  return `${line(limit)}\n${line(cursor)}\n${line(sort)}\n${line(fields)}\n${filter}`;
}

function line(value: string): string {
  return value.includes('\n') ? value.replaceAll('\n', ' ') : value;
}

/** Reads the parameters of a list. @throws CodedError VALIDATION_FAILED, SORT_INVALID, FILTER_INVALID, FIELDS_INVALID. */
export function parseListQuery(model: RecordModel, raw: RawListQuery): ListQuery {
  const { limit, cursor, sort, filter, fields } = raw;
  return {
    limit: limit === undefined ? limits.pageDefault : parseLimit(limit),
    cursor,
    sort: sort === undefined ? model.sort : parseSort(model, sort),
    filter: filter === undefined ? undefined : parseFilter(model.declared.fields, filter),
    columns: fields === undefined ? model.visibleColumns : parseFields(model, fields),
    list: `${model.name}\n${line(sort ?? '')}\n${filter ?? ''}`,
  };
}

function unknownParameter(path: string): Error {
  const near = nearestName(path, PARAMETERS);
  const detail =
    near === undefined ? { path, issue: ISSUE.unknown } : { path, issue: ISSUE.unknownNear, data: { near } };
  return errors.VALIDATION_FAILED({ details: [detail] });
}

function parseLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= limits.pageMax) return limit;
  throw errors.VALIDATION_FAILED({ details: [{ path: 'limit', issue: ISSUE.limit }] });
}

function parseSort(model: RecordModel, text: string): readonly SortTerm[] {
  const keys = text.split(',', limits.sortFields + 1);
  if (keys.length > limits.sortFields)
    throw errors.SORT_INVALID({ data: { field: keys.at(-1)?.slice(0, 60) } });
  const terms = sortTermsOf(keys);
  for (const [index, { field }] of terms.entries()) {
    const target = fieldNamed(model.fields, field);
    const isTwice = terms.findIndex((term) => term.field === field) !== index;
    if (target === undefined || target.isHidden || !isScalar(target) || isTwice) {
      throw errors.SORT_INVALID({ data: { field: field.slice(0, 60) } });
    }
  }
  return terms;
}

function parseFields(model: RecordModel, text: string): readonly Column[] {
  const names = new Set(text.split(',', model.visibleColumns.length + 1));
  const columns = model.visibleColumns.filter(({ name }) => names.delete(name));
  const [unknown] = names;
  if (unknown !== undefined) throw errors.FIELDS_INVALID({ data: { field: unknown.slice(0, 60) } });
  return columns;
}
