import { errors, limits } from '@maque/contract';
import { nearestName, type Text, type TextData } from '@maque/kit';
import { INDEXED_TEXT_MAX } from '../../define/check-bounds.ts';
import { type Condition, fieldAt, isScalar, nearFault } from '../../define/condition.ts';
import type { Field } from '../../define/field.ts';
import type { Near } from '../../define/rules.ts';
import { DISTANCE, type Measure } from '../records/list-order.ts';
import type { RecordModel } from '../records/record-model.ts';
import { type SearchQuery, searchQueryOf } from '../records/search-query.ts';
import { keysOf, type SortTerm, sortTermsOf } from '../records/sort-terms.ts';
import { parseFilter } from './filter-parser.ts';
import type { AnswerShape, RecordView } from './record-view.ts';
import type { WireScope } from './wire-scope.ts';

// The filter is the last: see `listKey`.
const PARAMETERS = [
  'limit',
  'cursor',
  'sort',
  'fields',
  'expand',
  'search',
  'near',
  'count',
  'filter',
] as const;
type Parameter = (typeof PARAMETERS)[number];

/** The parameters of a list as they came. */
export type RawListQuery = { readonly [Name in Parameter]?: string };

/** What a list is asked for. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly sort: readonly SortTerm[];
  /** What the caller wants, whatever the rules allow. */
  readonly condition: Condition | undefined;
  readonly search: SearchQuery | undefined;
  /** Whether what a search finds comes in the order of how well it fits, instead of `sort`. */
  readonly isByRelevance: boolean;
  readonly measure: Measure | undefined;
  readonly shape: AnswerShape;
  readonly count: boolean;
  /** The list without its place, in the order that it comes in: what a cursor belongs to. */
  readonly list: string;
}

const ISSUE = {
  unknown: { en: 'is not a parameter here', zh: '不是可用的参数' },
  unknownNear: {
    en: 'is not a parameter here; did you mean {near}?',
    zh: '不是可用的参数，是否应为 {near}？',
  },
  twice: { en: 'is given twice', zh: '重复出现' },
  limit: {
    en: `must be a whole number from 1 to ${limits.pageMax}`,
    zh: `应为 1 到 ${limits.pageMax} 的整数`,
  },
  flag: { en: 'must be true or false', zh: '应为 true 或 false' },
  search: {
    en: `must have 1 to ${limits.searchLength} characters`,
    zh: `应为 1 到 ${limits.searchLength} 个字符`,
  },
  noSearch: { en: 'there is nothing to be searched here', zh: '这里不支持搜索' },
  near: { en: 'must be field,lat,lng,meters with a field of points', zh: '应为 坐标字段，纬度，经度，米' },
} as const satisfies Record<string, Text>;
const WHOLE_LIST: RawListQuery = Object.freeze({});
const DECIMAL = /^-?\d{1,6}(\.\d{1,12})?$/;

/**
 * Takes only the parameters that are known, each at most once. @throws CodedError VALIDATION_FAILED.
 * @param known those of a list unless told.
 */
export function rawListQuery(
  query: Readonly<Record<string, unknown>>,
  known: readonly Parameter[] = PARAMETERS,
): RawListQuery {
  let isEmpty = true;
  for (const name in query) {
    isEmpty = false;
    if (!known.includes(name as Parameter)) throw unknownParameter(name.slice(0, 60), known);
    if (typeof query[name] !== 'string') throw invalid(name, ISSUE.twice);
  }
  return isEmpty ? WHOLE_LIST : (query as RawListQuery);
}

/** Text that is the same for the same list, whatever the order of its parameters. */
export function listKey(raw: RawListQuery): string {
  if (raw === WHOLE_LIST) return '';
  // No value but the last one may hold a line break, or two lists could share a key.
  return PARAMETERS.map((name) => (name === 'filter' ? (raw.filter ?? '') : line(raw[name]))).join('\n');
}

function line(value = ''): string {
  return value.includes('\n') ? value.replaceAll('\n', ' ') : value;
}

/**
 * Reads the parameters of a list, but for `expand`. @param scope what may be named in a filter; not asked without one.
 * @throws CodedError VALIDATION_FAILED, SORT_INVALID, FILTER_INVALID, FIELDS_INVALID.
 */
export function parseListQuery(
  model: RecordModel,
  view: RecordView,
  scope: () => WireScope,
  raw: RawListQuery,
): ListQuery {
  const { limit, cursor, sort, filter, fields, search, near, count } = raw;
  const circle = near === undefined ? undefined : parseNear(view, near);
  const conditions = [
    ...(filter === undefined ? [] : [parseFilter(scope(), filter)]),
    ...(circle === undefined ? [] : [circle]),
  ];
  const terms = sort === undefined ? defaultSort(view, circle) : parseSort(view, sort);
  const sought = search === undefined ? undefined : parseSearch(model, view, search);
  const isByRelevance = sought !== undefined && sort === undefined && near === undefined;
  // Not as it was asked for: left out, it is another one for callers who may not name all fields, and after a deployment.
  const order = isByRelevance ? `relevance ${sought.fields.join()}` : keysOf(terms).join();
  return {
    limit: limit === undefined ? limits.pageDefault : parseLimit(limit),
    cursor,
    sort: terms,
    condition: conditions.length > 1 ? { kind: 'all', parts: conditions } : conditions[0],
    search: sought,
    isByRelevance,
    measure: circle === undefined ? undefined : { field: circle.field, from: circle.near },
    shape: parseFields(model, view, fields),
    count: count === undefined ? false : parseFlag('count', count),
    list: [model.name, order, line(search), line(near), filter ?? ''].join('\n'),
  };
}

/** Which fields are answered. @throws CodedError FIELDS_INVALID. */
export function parseFields(model: RecordModel, view: RecordView, text: string | undefined): AnswerShape {
  if (text === undefined) return view.shape;
  const computed = Object.keys(model.declared.computed);
  const names = new Set(text.split(',', view.columns.length + computed.length + 1));
  const shape = {
    columns: view.columns.filter(({ name }) => names.delete(name)),
    computed: computed.filter((name) => names.delete(name)),
  };
  const [unknown] = names;
  if (unknown !== undefined) throw errors.FIELDS_INVALID({ data: { field: unknown.slice(0, 60) } });
  return shape;
}

function unknownParameter(path: string, known: readonly Parameter[]): Error {
  const near = nearestName(path, known);
  return near === undefined ? invalid(path, ISSUE.unknown) : invalid(path, ISSUE.unknownNear, { near });
}

function invalid(path: string, issue: Text, data?: TextData): Error {
  return errors.VALIDATION_FAILED({
    details: [data === undefined ? { path, issue } : { path, issue, data }],
  });
}

function parseLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= limits.pageMax) return limit;
  throw invalid('limit', ISSUE.limit);
}

function parseFlag(name: Parameter, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw invalid(name, ISSUE.flag);
  return text === 'true';
}

function parseSort({ namedFields }: RecordView, text: string): readonly SortTerm[] {
  const keys = text.split(',', limits.sortFields + 1);
  if (keys.length > limits.sortFields)
    throw errors.SORT_INVALID({ data: { field: keys.at(-1)?.slice(0, 60) } });
  const terms = sortTermsOf(keys);
  for (const [index, { field }] of terms.entries()) {
    const target = fieldAt(namedFields, field);
    const isTwice = terms.findIndex((term) => term.field === field) !== index;
    if (target === undefined || target.isHidden || !isOrderable(target) || isTwice) {
      throw errors.SORT_INVALID({ data: { field: field.slice(0, 60) } });
    }
  }
  return terms;
}

/** Of longer texts, a cursor would be longer than an address may be. */
function isOrderable(field: Field): boolean {
  const { spec } = field;
  return isScalar(field) && !(spec.kind === 'text' && spec.maxLength > INDEXED_TEXT_MAX);
}

function defaultSort(view: RecordView, circle: Condition | undefined): readonly SortTerm[] {
  return circle === undefined ? view.sort : sortTermsOf([DISTANCE]);
}

function parseSearch({ declared }: RecordModel, { namedFields }: RecordView, text: string): SearchQuery {
  const fields = declared.search.filter((name) => Object.hasOwn(namedFields, name));
  if (fields.length === 0) throw invalid('search', ISSUE.noSearch);
  if (text.trim() === '' || text.length > limits.searchLength) throw invalid('search', ISSUE.search);
  return searchQueryOf(text, fields);
}

type Circle = Condition & { readonly kind: 'near' };

function parseNear({ namedFields }: RecordView, text: string): Circle {
  const [field = '', ...numbers] = text.split(',', 5);
  const target = fieldAt(namedFields, field);
  if (numbers.length !== 3 || !numbers.every((one) => DECIMAL.test(one)) || target?.spec.kind !== 'geo')
    throw invalid('near', ISSUE.near);
  const [lat, lng, meters] = numbers.map(Number) as [number, number, number];
  const near: Near = { lat, lng, meters };
  const fault = nearFault(target, near);
  if (fault !== undefined) throw invalid('near', fault.text, fault.data);
  return { kind: 'near', field, near, negated: false };
}
