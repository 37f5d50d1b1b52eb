import type { Text } from '@maque/kit';
import type { PlanRequest } from '../box/box-request.ts';
import type { Calibration } from '../box/calibration.ts';
import { boxFields, calibrationFields, loadFields } from './box-fields.ts';
import { parseElsewhere, refuseBoth } from './elsewhere.ts';
import { Problems, shown } from './problems.ts';
import { type JsonObject, NO_SECTION, objectAt, readSection } from './read-section.ts';
import { readService, withOwnNames } from './read-service.ts';
import { parseField } from './request-field.ts';

const SECTIONS = ['box', 'services', 'elsewhere', 'load', 'calibration'];
/** More than one box runs. */
const MOST_SERVICES = 64;
const NOT_JSON: Text = { en: 'this is no JSON: {reason}', zh: '不是 JSON:{reason}' };
const NO_LIST: Text = { en: '{path}: a list is expected', zh: '{path}：应为列表' };
const TOO_MANY: Text = { en: '{path}: at most {most} services', zh: '{path}：最多 {most} 个服务' };
const NO_SIZE: Text = {
  en: '{path}: a size is expected, not {actual}',
  zh: '{path}：应为大小，而不是 {actual}',
};

/**
 * Reads the text of a request file.
 * @param source its name, for the message.
 * @throws CodedError PLAN_REQUEST_INVALID with everything that is wrong, each with its place.
 */
export function parsePlanRequest(text: string, source: string): PlanRequest {
  const problems = new Problems();
  const request = readRequest(parseJson(text, problems), problems);
  if (request === undefined || problems.count > 0) throw problems.toError(source);
  return request;
}

function parseJson(text: string, problems: Problems): unknown {
  try {
    // Editors of Windows put a mark before the text.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    problems.add('request', NOT_JSON, { reason: error instanceof Error ? error.message : '' });
    return undefined;
  }
}

function readRequest(raw: unknown, problems: Problems): PlanRequest | undefined {
  if (problems.count > 0) return undefined;
  const whole = objectAt('request', raw, problems);
  if (whole === undefined) return undefined;
  for (const name of Object.keys(whole))
    if (!SECTIONS.includes(name)) problems.unknown('request', name, SECTIONS);
  const box = objectAt('box', whole.box, problems);
  const load = objectAt('load', whole.load, problems);
  const services = readServices(whole.services, problems);
  const elsewhere = whole.elsewhere === undefined ? undefined : readElsewhere(whole.elsewhere, problems);
  const calibration =
    whole.calibration === undefined ? undefined : readCalibration(whole.calibration, problems);
  refuseBoth(services, elsewhere ?? [], 'elsewhere', problems);
  if (box === undefined || load === undefined) return undefined;
  // Each value was read by the field that says what it is.
  return {
    box: { bound: 'box', ...readSection(boxFields, box, 'box', problems) } as PlanRequest['box'],
    services,
    load: readSection(loadFields, load, 'load', problems) as unknown as PlanRequest['load'],
    ...(elsewhere === undefined ? {} : { elsewhere }),
    ...(calibration === undefined ? {} : { calibration }),
  };
}

function readElsewhere(raw: unknown, problems: Problems): PlanRequest['elsewhere'] {
  if (Array.isArray(raw)) return parseElsewhere(raw.map(String), 'elsewhere', problems);
  problems.add('elsewhere', NO_LIST);
  return undefined;
}

function readServices(raw: unknown, problems: Problems): PlanRequest['services'] {
  if (!Array.isArray(raw)) {
    problems.add('services', raw === undefined ? NO_SECTION : NO_LIST);
    return [];
  }
  if (raw.length > MOST_SERVICES) problems.add('services', TOO_MANY, { most: MOST_SERVICES });
  const read = raw.slice(0, MOST_SERVICES).flatMap((one: unknown, index) => {
    const path = `services[${index}]`;
    const object = objectAt(path, one, problems);
    const service = object === undefined ? undefined : readService(object, path, problems);
    return service === undefined ? [] : [{ service, path, isNamed: object?.name !== undefined }];
  });
  return withOwnNames(read, problems);
}

function readCalibration(raw: unknown, problems: Problems): Calibration | undefined {
  const object = objectAt('calibration', raw, problems);
  if (object === undefined) return undefined;
  const values = readSection(calibrationFields, object, 'calibration', problems, ['peakBytes']);
  const peakBytes = object.peakBytes === undefined ? undefined : readPeaks(object.peakBytes, problems);
  return { ...values, ...(peakBytes === undefined ? {} : { peakBytes }) } as unknown as Calibration;
}

function readPeaks(raw: unknown, problems: Problems): Calibration['peakBytes'] {
  const object: JsonObject = objectAt('calibration.peakBytes', raw, problems) ?? {};
  const peaks = Object.entries(object)
    .slice(0, MOST_SERVICES)
    .flatMap(([name, value]) => {
      const parsed = parseField(calibrationFields.osBytes, value);
      if ('value' in parsed) return [[name, Number(parsed.value)] as const];
      problems.add(`calibration.peakBytes.${name}`, NO_SIZE, { actual: shown(value) });
      return [];
    });
  return Object.fromEntries(peaks);
}
