import { limits } from '@maque/contract';
import { type ErrorFault, formatBytes, nearestName, type Text, type TextData } from '@maque/kit';
import { caller, type Field, type FieldSpec, type Fields } from './field.ts';
import { cleanRichText } from './rich-text.ts';

// Enough to repair a form in one go; a hostile list of a thousand wrong items does not make a thousand lines.
const MAX_ISSUES = 20;
// What of an unknown name is repeated to the caller.
const MAX_NAME = 60;
// From year 1 to year 9999: what ISO 8601 writes with four digits.
const MIN_TIME_MS = Date.parse('0001-01-01T00:00:00.000Z');
const MAX_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const DATETIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const ID = /^[A-Za-z0-9_-]{1,40}$/;

const ISSUE = {
  unknown: { en: 'is not a known field', zh: '是未知字段' },
  unknownNear: { en: 'is not a known field; did you mean {near}?', zh: '是未知字段，是否应为 {near}？' },
  required: { en: 'is required', zh: '必填' },
  notNull: { en: 'must not be null', zh: '不能为 null' },
  object: { en: 'must be an object', zh: '应为对象' },
  number: { en: 'must be a whole number from {min} to {max}', zh: '应为 {min} 到 {max} 的整数' },
  bool: { en: 'must be true or false', zh: '应为 true 或 false' },
  choice: { en: 'must be one of {choices}', zh: '应为 {choices} 之一' },
  id: { en: 'must be an id', zh: '应为 id' },
  text: { en: 'must be text', zh: '应为文本' },
  length: { en: 'must have from {min} to {max} characters', zh: '长度应为 {min} 到 {max} 个字符' },
  unicode: {
    en: 'must be valid Unicode text without NUL',
    zh: '应为合法的 Unicode 文本，且不含 NUL',
  },
  datetime: {
    en: 'must be a time in ISO 8601 such as 2026-05-01T08:00:00.000Z',
    zh: '应为 ISO 8601 时间，如 2026-05-01T08:00:00.000Z',
  },
  finite: { en: 'must not have numbers beyond 1.8e308', zh: '数字不能超过 1.8e308' },
  depth: { en: 'must not nest deeper than {max}', zh: '嵌套不能超过 {max} 层' },
  size: { en: 'must not exceed {max} as JSON', zh: '序列化为 JSON 后不能超过 {max}' },
  ids: { en: 'must be a list of at most {max} ids', zh: '应为最多 {max} 个 id 的列表' },
  idTwice: { en: 'names an id twice', zh: '含有重复的 id' },
  geo: {
    en: 'must be a point such as { "lat": 39.908, "lng": 116.397 }',
    zh: '应为坐标，如 { "lat": 39.908, "lng": 116.397 }',
  },
  list: { en: 'must be a list of {min} to {max} items', zh: '应为 {min} 到 {max} 项的列表' },
} as const satisfies Record<string, Text>;

/** One thing that is wrong, where and what; fits into the details of a `CodedError`. */
export interface Issue extends ErrorFault {
  readonly issue: Text;
  readonly data: TextData;
}

/** Collects what is wrong with a value, up to a bound. */
export class Issues {
  readonly list: Issue[] = [];

  add(path: string, issue: Text, data: TextData = {}): void {
    if (!this.isFull) this.list.push(path === '' ? { issue, data } : { path, issue, data });
  }

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  get first(): { readonly text: Text; readonly data: TextData } | undefined {
    const fault = this.list[0];
    return fault === undefined ? undefined : { text: fault.issue, data: fault.data };
  }

  get isFull(): boolean {
    return this.list.length >= MAX_ISSUES;
  }
}

export interface FieldsCheck {
  /** Only what is given counts: nothing is required, no default is filled in. For changes. */
  readonly partial?: boolean;
  /** Refuses hidden fields as if they did not exist. For input from outside. */
  readonly fromOutside?: boolean;
  /** Who makes the request, for defaults of `caller`. */
  readonly callerId?: string | undefined;
}

/**
 * Checks named values against their fields: unknown names, wrong types and values out of bounds are added to `issues`
 * by path. Answers the values with defaults filled in; they are of use only when there are no issues.
 */
export function checkFields(
  fields: Fields,
  input: unknown,
  path: string,
  issues: Issues,
  check: FieldsCheck = {},
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  if (!isPlainObject(input)) {
    issues.add(path, ISSUE.object);
    return values;
  }
  for (const name of Object.keys(input)) {
    if (issues.isFull) return values;
    if (!isKnown(fields, name, check)) addUnknown(fields, name, path, issues, check);
  }
  for (const name of Object.keys(fields)) {
    const field = fields[name] as Field;
    const given = isKnown(fields, name, check) && Object.hasOwn(input, name) ? input[name] : undefined;
    if (given !== undefined) values[name] = checkField(field, given, join(path, name), issues);
    else if (check.partial !== true) values[name] = absentValue(field, join(path, name), issues, check);
  }
  return values;
}

function isKnown(fields: Fields, name: string, check: FieldsCheck): boolean {
  return Object.hasOwn(fields, name) && !(check.fromOutside === true && fields[name]?.isHidden === true);
}

function addUnknown(fields: Fields, name: string, path: string, issues: Issues, check: FieldsCheck): void {
  const known = Object.keys(fields).filter((one) => isKnown(fields, one, check));
  const near = nearestName(shorten(name), known);
  const where = join(path, shorten(name));
  if (near === undefined) issues.add(where, ISSUE.unknown);
  else issues.add(where, ISSUE.unknownNear, { near });
}

function absentValue(field: Field, path: string, issues: Issues, check: FieldsCheck): unknown {
  if (field.presence === 'required') issues.add(path, ISSUE.required);
  if (field.defaultValue !== caller) return field.defaultValue;
  if (check.callerId === undefined) issues.add(path, ISSUE.required);
  return check.callerId;
}

function checkField(field: Field, value: unknown, path: string, issues: Issues): unknown {
  if (value === null) {
    if (field.presence !== 'optional') issues.add(path, ISSUE.notNull);
    return null;
  }
  return checkValue(field.spec, value, path, issues);
}

/** Checks one value that is not null; answers it in the form in which it is kept. */
export function checkValue(spec: FieldSpec, value: unknown, path: string, issues: Issues): unknown {
  switch (spec.kind) {
    case 'text':
      return checkText(spec, value, path, issues);
    case 'int':
    case 'money':
      if (!Number.isSafeInteger(value) || (value as number) < spec.min || (value as number) > spec.max) {
        issues.add(path, ISSUE.number, { min: spec.min, max: spec.max });
      }
      // -0 is stored as 0 and must compare as 0.
      return value === 0 ? 0 : value;
    case 'bool':
      if (typeof value !== 'boolean') issues.add(path, ISSUE.bool);
      return value;
    case 'datetime':
      return checkDatetime(value, path, issues);
    case 'enum':
      if (!spec.values.includes(value as string))
        issues.add(path, ISSUE.choice, { choices: spec.values.join(', ') });
      return value;
    case 'relation':
    case 'user':
    case 'file':
      if (typeof value !== 'string' || !ID.test(value)) issues.add(path, ISSUE.id);
      return value;
    case 'relations':
    case 'users':
    case 'files':
      return checkIds(spec.maxItems, value, path, issues);
    case 'geo':
      return checkGeo(value, path, issues);
    case 'richText':
      return checkRichText(spec.maxLength, value, path, issues);
    case 'json':
      return checkJson(spec, value, path, issues);
    case 'object':
      return checkFields(spec.fields, value, path, issues);
    case 'list':
      return checkList(spec, value, path, issues);
  }
}

function checkText(
  spec: { readonly minLength: number; readonly maxLength: number },
  value: unknown,
  path: string,
  issues: Issues,
): unknown {
  if (typeof value !== 'string') {
    issues.add(path, ISSUE.text);
  } else if (value.length < spec.minLength || isLongerThan(value, spec.maxLength)) {
    issues.add(path, ISSUE.length, { min: spec.minLength, max: spec.maxLength });
  } else if (!value.isWellFormed() || value.includes('\0')) {
    // Half a surrogate pair or a NUL would come back from the database as something else.
    issues.add(path, ISSUE.unicode);
  }
  return value;
}

/** Whether text has more than `max` code points, which is how databases count characters. */
function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  return text.length > max * 2 || [...text].length > max;
}

function checkDatetime(value: unknown, path: string, issues: Issues): unknown {
  const day = typeof value === 'string' ? DATETIME.exec(value)?.[1] : undefined;
  const ms = day === undefined ? Number.NaN : Date.parse(value as string);
  // Date.parse takes 30 February for 2 March; a date that does not print as itself does not exist.
  const exists = ms >= MIN_TIME_MS && ms <= MAX_TIME_MS && dayOf(Date.parse(`${day}T00:00:00Z`)) === day;
  if (!exists) {
    issues.add(path, ISSUE.datetime);
    return value;
  }
  return new Date(ms).toISOString();
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Cleaning makes text longer where it writes a sign as an entity, so what comes of it is what must fit. */
function checkRichText(maxLength: number, value: unknown, path: string, issues: Issues): unknown {
  const cleaned = typeof value === 'string' && value.length <= maxLength * 2 ? cleanRichText(value) : value;
  return checkText({ minLength: 0, maxLength }, cleaned, path, issues);
}

function checkJson(
  { maxBytes, shape }: FieldSpec & { readonly kind: 'json' },
  value: unknown,
  path: string,
  issues: Issues,
): unknown {
  if (isDeeperThan(value, limits.jsonDepth)) issues.add(path, ISSUE.depth, { max: limits.jsonDepth });
  else if (!hasFiniteNumbers(value)) issues.add(path, ISSUE.finite);
  else if (Buffer.byteLength(JSON.stringify(value)) > maxBytes) {
    issues.add(path, ISSUE.size, { max: formatBytes(maxBytes) });
  } else if (shape !== undefined) {
    return checkDocument(shape, value, path, issues);
  }
  return value;
}

/** A document of which some fields are known: those are checked where they are given, and others are free. */
function checkDocument(shape: Fields, value: unknown, path: string, issues: Issues): unknown {
  if (!isPlainObject(value)) {
    issues.add(path, ISSUE.object);
    return value;
  }
  const known: [string, unknown][] = [];
  for (const [name, field] of Object.entries(shape)) {
    if (Object.hasOwn(value, name))
      known.push([name, checkField(field, value[name], join(path, name), issues)]);
  }
  return { ...value, ...Object.fromEntries(known) };
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((part) => isDeeperThan(part, depth - 1));
}

/** Whether all numbers are some that JSON can write: `1e400` is read as Infinity, and would be written as null. */
function hasFiniteNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(hasFiniteNumbers);
}

function checkIds(maxItems: number, value: unknown, path: string, issues: Issues): unknown {
  const isFit =
    Array.isArray(value) &&
    value.length <= maxItems &&
    value.every((id) => typeof id === 'string' && ID.test(id));
  if (!isFit) issues.add(path, ISSUE.ids, { max: maxItems });
  else if (new Set(value).size < value.length) issues.add(path, ISSUE.idTwice);
  return value;
}

function checkGeo(value: unknown, path: string, issues: Issues): unknown {
  const { lat, lng, ...rest } = isPlainObject(value) ? value : { lat: undefined, lng: undefined };
  if (isWithin(lat, 90) && isWithin(lng, 180) && Object.keys(rest).length === 0) return { lat, lng };
  issues.add(path, ISSUE.geo);
  return value;
}

function isWithin(degrees: unknown, max: number): boolean {
  return typeof degrees === 'number' && Math.abs(degrees) <= max;
}

function checkList(
  spec: Extract<FieldSpec, { kind: 'list' }>,
  value: unknown,
  path: string,
  issues: Issues,
): unknown {
  if (!Array.isArray(value) || value.length < spec.minItems || value.length > spec.maxItems) {
    issues.add(path, ISSUE.list, { min: spec.minItems, max: spec.maxItems });
    return value;
  }
  return value.map((item, index) => checkField(spec.item, item, join(path, String(index)), issues));
}

function shorten(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
