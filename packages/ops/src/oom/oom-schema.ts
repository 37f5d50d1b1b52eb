import { CAUSES } from './causes.ts';
import { KILL_MECHANISMS } from './kill.ts';
import { NOTABLE_KINDS } from './notable-lines.ts';
import type { OomJson } from './oom-json.ts';
import { CLOCKS, EVENT_KINDS } from './timeline/timeline.ts';

type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const textOrNull = { type: ['string', 'null'] };
const numberOrNull = { type: ['number', 'null'] };
const time = { ...textOrNull, description: 'ISO 8601; with a zone where the log tells one' };
const kilobytes = { type: ['integer', 'null'], description: 'KiB' };

/** An object of just these properties, all of them there. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

const kill = {
  mechanism: { enum: KILL_MECHANISMS, description: 'who ended it, or who tells of it' },
  pid: { type: ['integer', 'null'] },
  name: {
    ...textOrNull,
    description: 'of the process (a name of its first thread), the unit, or the container',
  },
  anonRssKb: { ...kilobytes, description: 'KiB of memory of its own' },
  rssKb: { ...kilobytes, description: 'KiB of all resident memory' },
  processes: { ...count, description: 'how many, where a whole unit was ended' },
  signal: textOrNull,
  constraint: {
    ...textOrNull,
    description: 'whose limit: CONSTRAINT_NONE is the machine, CONSTRAINT_MEMCG a control group',
  },
  constraintInferred: { type: 'boolean', description: 'it follows from the wording' },
  cgroup: { ...textOrNull, description: 'where the victim lived' },
  limitCgroup: { ...textOrNull, description: 'whose limit was hit, where it is another group' },
  limitKb: { ...kilobytes, description: 'KiB, of that group' },
  oomScoreAdj: { type: ['integer', 'null'] },
  unit: textOrNull,
  container: { ...textOrNull, description: 'its id' },
  host: { ...textOrNull, description: 'the machine, where the log names it' },
  kernel: textOrNull,
  time,
  uptimeSeconds: { ...numberOrNull, description: 'seconds since the start of the machine' },
  culprit: {
    anyOf: [
      { type: 'null' },
      object({
        name: text,
        pid: { type: ['integer', 'null'] },
        processes: count,
        memoryKb: kilobytes,
        score: { type: ['integer', 'null'] },
      }),
    ],
    description: 'who had the memory, where it was not the one that died',
  },
  invokedBy: { ...textOrNull, description: 'who asked for the memory that was not there' },
  memory: {
    ...list(object({ name: text, processes: count, residentKb: count, swappedKb: count })),
    description: 'by name, largest first, at that moment',
  },
  memoryLeftOut: {
    ...object({ programs: count, residentKb: count, swappedKb: count }),
    description: 'what is not in memory: the smallest of a long table, nearly all where a log tells of many',
  },
  freeSwapKb: kilobytes,
  totalSwapKb: kilobytes,
  ramKb: kilobytes,
  complete: { type: 'boolean', description: 'the report is there from its first line to its last' },
  line: { ...count, description: 'of what was read, from 1' },
  findings: list(
    object({
      code: { enum: Object.keys(CAUSES) },
      severity: { enum: ['critical', 'warning', 'info'] },
      message: { ...text, description: 'in the language that was asked for' },
      fix: list(object({ where: text, lines: list(text) })),
    }),
  ),
} satisfies Record<keyof OomJson['kills'][number], Schema>;

const series = object({ name: text, source: text, points: list(object({ time: text, bytes: count })) });

const timeline = {
  kill: { ...count, description: 'its place in kills, from 0' },
  clock: {
    enum: CLOCKS,
    description:
      'how its time is known: told with a zone, a zone is assumed, from seconds since the start, or not',
  },
  time,
  from: time,
  to: time,
  memory: { ...list(series), description: 'of the service that died, and of the one that had the memory' },
  available: { anyOf: [{ type: 'null' }, series], description: 'free memory of the machine' },
  traffic: {
    ...list(object({ time: text, requests: count, failed: count })),
    description: 'by minute; failed counts 502, 503 and 504; minutes without a request are not there',
  },
  events: list(object({ time: text, kind: { enum: EVENT_KINDS }, message: text, source: text })),
  eventsLeftOut: count,
  sources: { ...list(text), description: 'files and commands that told something' },
  missing: { ...list(object({ what: text, reason: text })), description: 'what could not be known, and why' },
} satisfies Record<keyof OomJson['timelines'][number], Schema>;

const parts = {
  version: { const: 1 },
  kills: list(object(kill)),
  killsLeftOut: { ...count, description: 'found and not kept: the oldest' },
  unfinished: {
    ...list(object({ invokedBy: text, kernel: textOrNull, time, uptimeSeconds: numberOrNull })),
    description: 'somebody ran out of memory, and who died for it is not in the log',
  },
  timeline: {
    ...list(
      object({
        what: { enum: NOTABLE_KINDS },
        subject: text,
        host: textOrNull,
        time,
        uptimeSeconds: numberOrNull,
        line: count,
      }),
    ),
    description: 'notable lines of the log itself',
  },
  timelines: {
    ...list(object(timeline)),
    description: 'what happened around each kill, out of every source',
  },
  linesRead: count,
} satisfies Record<keyof OomJson, Schema>;

/** JSON Schema (2020-12) of what `maque oom --json` prints. */
export const oomSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'maque oom --json',
  ...object(parts),
};
