import type { Text } from '@maque/kit';
import { type Problems, shown } from './problems.ts';
import { parseField, type RequestField, type RequestFields } from './request-field.ts';

const NOT_AN_OBJECT: Text = {
  en: '{path}: an object is expected, not {actual}',
  zh: '{path}：应为对象，而不是 {actual}',
};
const WRONG: Text = {
  en: '{path}: {expected} is expected, not {actual}',
  zh: '{path}：应为{expected}，而不是 {actual}',
};
export const NO_SECTION: Text = { en: '{path} is missing', zh: '缺少 {path}' };
const MISSING: Text = {
  en: '{path} is missing: {meaning} ({expected})',
  zh: '缺少 {path}：{meaning}（{expected}）',
};

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object, or undefined and a problem. */
export function objectAt(path: string, raw: unknown, problems: Problems): JsonObject | undefined {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return raw as JsonObject;
  if (raw === undefined) problems.add(path, NO_SECTION);
  else problems.add(path, NOT_AN_OBJECT, { actual: shown(raw) });
  return undefined;
}

/** One section of a request, its values under the names that the plan knows. What is wrong is left out and told. */
export function readSection(
  fields: RequestFields,
  object: JsonObject,
  path: string,
  problems: Problems,
  /** Words that somebody else reads. */
  others: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  for (const name of Object.keys(object)) {
    const isKnown = Object.hasOwn(fields, name) || others.includes(name);
    if (!isKnown) problems.unknown(path, name, [...Object.keys(fields), ...others]);
  }
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const place = `${path}.${name}`;
    if (Object.hasOwn(object, name)) {
      const value = readValue(field, object[name], place, problems);
      if (value !== undefined) put(values, field.to, value);
    } else if (field.isRequired === true) addMissing(field, place, problems);
  }
  return values;
}

function addMissing(field: RequestField, place: string, problems: Problems): void {
  const parsed = parseField(field, undefined);
  const expected = 'expected' in parsed ? parsed.expected : '';
  problems.add(place, MISSING, { meaning: field.meaning, expected });
}

/** One value; undefined and a problem where it is not what it should be. */
export function readValue(field: RequestField, raw: unknown, path: string, problems: Problems): unknown {
  const parsed = parseField(field, raw);
  if ('value' in parsed) return parsed.value;
  problems.add(path, WRONG, { expected: parsed.expected, actual: shown(raw) });
  return undefined;
}

/** Puts a value where it belongs: `server.cacheBytes` is in an object of its own. */
function put(values: Record<string, unknown>, to: string, value: unknown): void {
  const [outer = '', inner] = to.split('.');
  if (inner === undefined) values[outer] = value;
  else values[outer] = { ...(values[outer] as JsonObject | undefined), [inner]: value };
}
