import { refuse } from './pay-refusal.ts';

/** What a field may be. Every field is optional unless `required`. */
export type FieldRule = { readonly required?: true } & (
  | { readonly kind: 'text'; readonly min?: number; readonly max: number; readonly pattern?: RegExp }
  | { readonly kind: 'integer'; readonly min: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'object'; readonly fields: FieldRules }
  | { readonly kind: 'list'; readonly max: number; readonly of: FieldRule }
);
export type FieldRules = Readonly<Record<string, FieldRule>>;

/**
 * Checks a body or a query against its rules: what is missing, of another kind, too long, or not in the documentation.
 * @param location `body` or `query`, for the answer.
 * @throws PayRefusal PARAM_ERROR that names the place
 */
export function checkFields(value: unknown, fields: FieldRules, location: 'body' | 'query'): void {
  checkObject(value, fields, { location, path: '' });
}

interface Place {
  readonly location: 'body' | 'query';
  readonly path: string;
}

function checkObject(value: unknown, fields: FieldRules, place: Place): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(place, value, '不是对象');
  }
  const given = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    const field = `${place.path}/${name}`;
    if (!Object.hasOwn(fields, name)) throw refuse('field unknown', { location: place.location, field });
  }
  for (const [name, rule] of Object.entries(fields)) {
    checkField(given[name], rule, { location: place.location, path: `${place.path}/${name}` });
  }
}

function checkField(value: unknown, rule: FieldRule, place: Place): void {
  if (value === undefined || value === null) {
    if (rule.required === true) throw wrong(place, value, '必填');
    return;
  }
  switch (rule.kind) {
    case 'text':
      checkText(value, rule, place);
      return;
    case 'integer':
      if (Number.isSafeInteger(value) && (value as number) >= rule.min) return;
      throw wrong(place, value, `不是不小于${rule.min}的整数`);
    case 'boolean':
      if (typeof value === 'boolean') return;
      throw wrong(place, value, '不是布尔值');
    case 'object':
      checkObject(value, rule.fields, place);
      return;
    case 'list':
      checkList(value, rule, place);
  }
}

function checkText(value: unknown, rule: FieldRule & { kind: 'text' }, place: Place): void {
  const { min = 0, max, pattern } = rule;
  if (typeof value !== 'string') throw wrong(place, value, '不是字符串');
  // WeChat counts characters, not bytes and not UTF-16 units.
  const characters = [...value].length;
  if (characters < min) throw wrong(place, value, `字符串有 ${characters} 个字，少于最小值 ${min}`);
  if (characters > max)
    throw wrong(place, value.slice(0, max), `字符串有 ${characters} 个字，多于最大值 ${max}`);
  if (pattern !== undefined && !pattern.test(value)) throw wrong(place, value, '格式不正确');
}

function checkList(value: unknown, rule: FieldRule & { kind: 'list' }, place: Place): void {
  if (!Array.isArray(value) || value.length > rule.max)
    throw wrong(place, value, `不是至多 ${rule.max} 项的列表`);
  value.forEach((item: unknown, index) => {
    checkField(item, { ...rule.of, required: true }, { ...place, path: `${place.path}/${index}` });
  });
}

function wrong({ location, path }: Place, value: unknown, issue: string) {
  const shown = typeof value === 'object' ? undefined : value;
  return refuse('field wrong', { location, field: `/${location}${path}`, value: shown, issue });
}
