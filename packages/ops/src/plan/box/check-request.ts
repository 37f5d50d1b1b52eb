import { formatBytes, type Text } from '@maque/kit';
import { boxFields, calibrationFields, loadFields } from '../request/box-fields.ts';
import { SERVICE_NAME } from '../request/own-name.ts';
import { Problems, type RequestProblem, shown } from '../request/problems.ts';
import { parseField, type RequestField } from '../request/request-field.ts';
import { serviceFields } from '../request/service-fields.ts';
import type { PlanRequest } from './box-request.ts';
import { SERVICE_KINDS, type ServiceRequest } from './service-request.ts';

const WRONG: Text = {
  en: '{path}: {expected} is expected, not {actual}',
  zh: '{path}：应为{expected}，而不是 {actual}',
};
const MISSING: Text = { en: '{path} is missing', zh: '缺少 {path}' };
const UNKNOWN_KIND: Text = { en: '{path}: there is no kind {actual}', zh: '{path}：没有 {actual} 这种服务' };
const BAD_NAME: Text = {
  en: '{path}: letters, digits and dashes are expected, at most 40, not {actual}',
  zh: '{path}：应为字母、数字和短横线，最多 40 个字符，而不是 {actual}',
};
const SAME_NAME: Text = {
  en: '{path}: another service has the name {actual} too',
  zh: '{path}：另一个服务也叫 {actual}',
};
const TOO_SMALL: Text = {
  en: '{path}: {actual} is not enough for {name}: with what else was told it needs at least {least}',
  zh: '{path}：{actual} 不够 {name} 使用：按其余要求至少需要 {least}',
};

/** Everything for which a request is no possible one, each with its place and what is expected there. */
export function checkRequest(request: PlanRequest): readonly RequestProblem[] {
  return problemsOf(request).list;
}

/** @throws CodedError PLAN_REQUEST_INVALID with everything that is wrong. */
export function refuseImpossible(request: PlanRequest): void {
  const problems = problemsOf(request);
  if (problems.count > 0) throw problems.toError({ en: 'the request', zh: '请求' });
}

function problemsOf({ box, load, services, calibration }: PlanRequest): Problems {
  const problems = new Problems();
  checkFields(boxFields, box, 'box', problems);
  checkFields(loadFields, load, 'load', problems);
  if (calibration !== undefined) checkFields(calibrationFields, calibration, 'calibration', problems);
  for (const [name, bytes] of Object.entries(calibration?.peakBytes ?? {})) {
    checkField(calibrationFields.osBytes, bytes, `calibration.peakBytes.${name}`, problems);
  }
  const names = new Set<string>();
  for (const [index, service] of services.entries())
    checkService(service, `services[${index}]`, names, problems);
  return problems;
}

function checkService(service: ServiceRequest, path: string, names: Set<string>, problems: Problems): void {
  const { kind, name } = service;
  if (!SERVICE_NAME.test(name)) problems.add(`${path}.name`, BAD_NAME, { actual: shown(name) });
  if (names.has(name)) problems.add(`${path}.name`, SAME_NAME, { actual: shown(name) });
  names.add(name);
  if (!SERVICE_KINDS.includes(kind)) {
    problems.add(`${path}.kind`, UNKNOWN_KIND, { actual: shown(kind) });
    return;
  }
  const before = problems.count;
  checkFields(serviceFields[kind], service, path, problems);
  if (problems.count > before) return;
  checkBodies(service, path, problems);
}

/** A server into whose memory for bodies not even one fits does not start. */
function checkBodies(service: ServiceRequest, path: string, problems: Problems): void {
  if (service.kind !== 'maque' || service.server?.bodyMemoryBytes === undefined) return;
  const { bodyMemoryBytes, bodyLimitBytes } = service.server;
  if (bodyMemoryBytes >= bodyLimitBytes) return;
  const data = {
    name: service.name,
    actual: formatBytes(bodyMemoryBytes),
    least: formatBytes(bodyLimitBytes),
  };
  problems.add(`${path}.server.bodyMemoryBytes`, TOO_SMALL, data);
}

/** The same fields that a request file is read by. */
function checkFields(
  fields: Readonly<Record<string, RequestField>>,
  values: object,
  path: string,
  problems: Problems,
): void {
  for (const field of Object.values(fields)) {
    const place = `${path}.${field.to}`;
    const value = valueAt(values, field.to);
    if (value !== undefined) checkField(field, value, place, problems);
    else if (field.isRequired === true) problems.add(place, MISSING);
  }
}

function checkField(field: RequestField, value: unknown, path: string, problems: Problems): void {
  const parsed = parseField(field, asWritten(field, value));
  if ('expected' in parsed) problems.add(path, WRONG, { expected: parsed.expected, actual: shown(value) });
}

/** A value of the plan as a file would have it; undefined, which no field takes, where its type is another. */
function asWritten(field: RequestField, value: unknown): unknown {
  switch (field.type) {
    case 'switch':
      return typeof value === 'boolean' ? value : undefined;
    case 'choice':
    case 'time':
      return typeof value === 'string' ? value : undefined;
    case 'mebibytes':
      return Number.isInteger(value) ? value : undefined;
    default:
      return typeof value === 'number' ? value : undefined;
  }
}

/** `server.cacheBytes` is in an object of its own. */
function valueAt(values: object, path: string): unknown {
  let value: unknown = values;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
