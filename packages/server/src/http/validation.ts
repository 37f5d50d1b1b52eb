import { errors } from '@maque/contract';
import type { CodedError, ErrorFault, Text } from '@maque/kit';
import { Ajv, type AnySchema, type ErrorObject, type Options, type ValidateFunction } from 'ajv';

type Check = (data: unknown) => true | { error: CodedError };

/** Faults that one answer lists. */
const MAX_DETAILS = 20;
/** Values in a body up to which all its faults are looked for; beyond, the first one has to do. */
const SMALL_BODY_VALUES = 1_000;

const COMMON: Options = {
  // Unknown fields are refused by the schema, never dropped in silence.
  removeAdditional: false,
  useDefaults: true,
  // A slip in a schema keeps the server from starting; unions of types are used on purpose.
  strict: true,
  strictTypes: false,
  strictRequired: false,
  formats: {
    'date-time': (text: string) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) &&
      !Number.isNaN(Date.parse(text)),
    date: /^\d{4}-\d\d-\d\d$/,
    uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
    uri: (text: string) => URL.canParse(text),
  },
};

/**
 * Makes the validator compiler of the server. A JSON body has types of its own, so nothing in it is converted; a query
 * has only text, so there `20` becomes a number where the schema asks for one. Checking stops at the first fault; only
 * when a small body has one, it is checked once more for all of them, so that a hostile body of a million faults costs
 * no more than a good one.
 */
export function createValidatorCompiler(): (route: { schema: unknown; httpPart?: string }) => Check {
  const strict = new Ajv({ ...COMMON, coerceTypes: false });
  const lenient = new Ajv({ ...COMMON, coerceTypes: true });
  let thorough: Ajv | undefined;

  return ({ schema, httpPart }) => {
    const part = httpPart ?? 'body';
    const check = (part === 'body' ? strict : lenient).compile(schema as AnySchema);
    let checkAll: ValidateFunction | undefined;
    return (data) => {
      if (check(data)) return true;
      let faults = check.errors ?? [];
      if (part === 'body' && isSmall(data)) {
        thorough ??= new Ajv({ ...COMMON, coerceTypes: false, useDefaults: false, allErrors: true });
        checkAll ??= thorough.compile(schema as AnySchema);
        checkAll(data);
        faults = checkAll.errors ?? faults;
      }
      const details = faults.slice(0, MAX_DETAILS).map((fault) => detailOf(fault, part));
      return { error: errors.VALIDATION_FAILED({ details }) };
    };
  };
}

/** A fault for people: where, and what is wrong there. */
function detailOf(fault: ErrorObject, part: string): ErrorFault {
  const path = pathOf(fault);
  return { path: path === '' ? part : path, issue: ISSUES[fault.keyword] ?? ISSUE_OTHER, data: fault.params };
}

const ISSUE_OTHER: Text = { en: 'is not valid', zh: '不合法' };
const ISSUES: Readonly<Record<string, Text>> = {
  required: { en: 'is missing', zh: '缺失' },
  additionalProperties: { en: 'is not known here', zh: '是未知字段' },
  type: { en: 'must be {type}', zh: '类型应为 {type}' },
  enum: { en: 'must be one of {allowedValues}', zh: '应为 {allowedValues} 之一' },
  const: { en: 'must be {allowedValue}', zh: '应为 {allowedValue}' },
  minimum: { en: 'must be at least {limit}', zh: '不能小于 {limit}' },
  maximum: { en: 'must be at most {limit}', zh: '不能大于 {limit}' },
  exclusiveMinimum: { en: 'must be more than {limit}', zh: '必须大于 {limit}' },
  exclusiveMaximum: { en: 'must be less than {limit}', zh: '必须小于 {limit}' },
  multipleOf: { en: 'must be a multiple of {multipleOf}', zh: '应为 {multipleOf} 的倍数' },
  minLength: { en: 'must have at least {limit} characters', zh: '至少 {limit} 个字符' },
  maxLength: { en: 'must have at most {limit} characters', zh: '最多 {limit} 个字符' },
  minItems: { en: 'must have at least {limit} items', zh: '至少 {limit} 项' },
  maxItems: { en: 'must have at most {limit} items', zh: '最多 {limit} 项' },
  minProperties: { en: 'must have at least {limit} fields', zh: '至少 {limit} 个字段' },
  maxProperties: { en: 'must have at most {limit} fields', zh: '最多 {limit} 个字段' },
  uniqueItems: { en: 'must not repeat an item', zh: '不能有重复项' },
  pattern: { en: 'has the wrong form', zh: '格式不正确' },
  format: { en: 'must be a {format}', zh: '应为 {format} 格式' },
};

function pathOf(fault: ErrorObject): string {
  const steps = fault.instancePath.split('/').slice(1).map(unescapePointer);
  const { missingProperty, additionalProperty } = fault.params as Record<string, string | undefined>;
  const last = missingProperty ?? additionalProperty;
  return (last === undefined ? steps : [...steps, last]).join('.').slice(0, 200);
}

/** RFC 6901 §4. */
function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function isSmall(data: unknown): boolean {
  let left = SMALL_BODY_VALUES;
  const open: unknown[] = [data];
  while (open.length > 0 && left > 0) {
    const value = open.pop();
    left -= 1;
    if (typeof value !== 'object' || value === null) continue;
    for (const key in value) {
      open.push((value as Record<string, unknown>)[key]);
      if (open.length > SMALL_BODY_VALUES) return false;
    }
  }
  return left > 0;
}
