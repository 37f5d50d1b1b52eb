import { ELSEWHERE, PROGRAM_KINDS } from '../box/box-request.ts';
import { SERVICE_KINDS } from '../box/service-request.ts';
import { type Demand, RESOURCES, VERDICTS } from '../load/capacity.ts';
import { UPGRADE_CODES } from '../load/upgrade.ts';
import type { BoxPlanJson } from './box-plan-json.ts';

type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const number = { type: 'number', minimum: 0 };
const integer = { type: 'integer', minimum: 0 };
const bounded = { type: ['number', 'null'], minimum: 0, description: 'null: without a bound' };
const gain = { type: ['number', 'null'], description: 'more than now; null: without a bound' };
const bytesOrNull = { type: ['integer', 'null'], minimum: 0 };

/** An object of just these properties, all of them there. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

function ofEach(keys: readonly string[], schema: Schema): Schema {
  return object(Object.fromEntries(keys.map((key) => [key, schema])));
}

const CROWDED = RESOURCES.filter((resource) => resource !== 'disk');

const request = {
  type: 'object',
  description:
    'what it was planned from, in bytes; for --from, maque plan --save writes it in the words of the flags',
  properties: {
    box: {
      type: 'object',
      properties: {
        memoryBytes: integer,
        bound: { enum: ['box', 'cgroup-v1', 'cgroup-v2'] },
        cores: number,
        bandwidthBitsPerSecond: number,
        diskBytes: integer,
        swapBytes: integer,
      },
      required: ['memoryBytes', 'bound', 'cores'],
    },
    services: list({
      type: 'object',
      properties: { kind: { enum: SERVICE_KINDS }, name: text },
      required: ['kind', 'name'],
    }),
    load: { type: 'object', properties: { program: { enum: PROGRAM_KINDS } }, required: ['program'] },
    elsewhere: list({ enum: ELSEWHERE }),
    calibration: { type: 'object', properties: { measuredAt: text }, required: ['measuredAt'] },
  },
  required: ['box', 'services', 'load'],
};

const capacity = object({
  qps: { ...bounded, description: 'requests a second that it answers for hours without a queue' },
  saturatedQps: { ...bounded, description: 'requests a second at which nothing is left' },
  dau: { ...bounded, description: 'users of a day' },
  sockets: bounded,
  first: { enum: RESOURCES, description: 'what runs out first' },
  dauByResource: ofEach(RESOURCES, bounded),
  qpsByResource: ofEach(CROWDED, bounded),
  cpuMicrosPerRequest: { ...number, description: 'CPU time of the whole box for one request' },
  diskDays: { ...bounded, description: 'until the disk is full' },
  formulas: ofEach(RESOURCES, text),
});

const demand = {
  dau: number,
  dauSource: { enum: ['told', 'derived', 'assumed'] },
  peakQps: number,
  concurrency: number,
  sockets: number,
  socketBytesPerSecond: number,
  diskBytesPerDay: number,
  answerBytes: number,
  uploadBytesPerRequest: number,
  formulas: ofEach(['peakQps', 'concurrency', 'sockets', 'diskBytesPerDay', 'answerBytes'], text),
} satisfies Record<keyof Demand, Schema>;

const changes = {
  oneOf: [
    object({ code: { const: 'MOVE_OUT' }, service: text, freesBytes: integer }),
    object({ code: { const: 'MOVE_OUT_SEVERAL' }, services: list(text), freesBytes: integer }),
    object({ code: { const: 'ASK_LESS' }, service: text, what: text, most: number }),
    object({ code: { const: 'ASK_MORE' }, service: text, what: { const: 'memoryBytes' }, least: integer }),
    object({ code: { const: 'BIGGER_BOX' }, memoryBytes: integer }),
  ],
};

const parts = {
  version: { const: 1 },
  fits: { type: 'boolean', description: 'false: the exit code is 2' },
  verdict: { enum: VERDICTS },
  reasons: list(
    object({
      code: { ...text, pattern: '^[A-Z_]+$', description: 'for ever the same' },
      weight: { enum: ['note', 'with-care', 'do-not'] },
      message: { ...text, description: 'in the language that was asked for' },
      data: { type: 'object' },
    }),
  ),
  request,
  demand: object(demand),
  capacity: { anyOf: [capacity, { type: 'null' }] },
  memoryBytes: { ...integer, description: 'of the box' },
  lines: {
    ...list(
      object({
        service: { type: ['string', 'null'], description: 'null: the box itself' },
        code: text,
        name: text,
        count: integer,
        bytesEach: number,
        bytes: number,
        errorBytes: { ...number, description: 'how far off bytes may be, either way' },
        formula: text,
        source: text,
      }),
    ),
    description: 'add up to memoryBytes, to the byte; to neededBytes where it does not fit',
  },
  within: {
    type: ['string', 'null'],
    description:
      'the service whose told budget is too small for its own workers; null: the sum is of the box',
  },
  neededBytes: bytesOrNull,
  reserveBytes: bytesOrNull,
  freeBytes: bytesOrNull,
  services: list(
    object({
      name: text,
      kind: { enum: SERVICE_KINDS },
      budgetBytes: integer,
      memoryHighBytes: integer,
      memoryMaxBytes: integer,
      oomScoreAdj: { type: 'integer', minimum: -1000, maximum: 1000 },
      settings: list(text),
      planned: { type: 'object', description: 'the same as numbers, and what else was decided' },
    }),
  ),
  changes: { ...list(changes), description: 'each makes it fit; empty where it fits' },
  upgrades: list(
    object({
      code: { enum: UPGRADE_CODES },
      title: text,
      boxes: { type: 'integer', minimum: 1 },
      buys: object({ dau: gain, qps: gain, sockets: gain }),
      capacity,
      needs: list(object({ text, settings: list(text) })),
      request,
    }),
  ),
} satisfies Record<keyof BoxPlanJson, Schema>;

/** JSON Schema (2020-12) of what `maque plan --json` prints. */
export const boxPlanSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'maque plan --json',
  ...object(parts),
};
