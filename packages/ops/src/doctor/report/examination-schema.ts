import { CHECK_GROUPS } from '../check.ts';
import type { ExaminationJson } from './examination-json.ts';

type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };

/** An object of just these properties, all of them there. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

const check = {
  id: { type: 'string', pattern: '^[A-Z]+[0-9]+$', description: 'of the check, for ever the same' },
  name: { type: 'string', pattern: '^[a-z0-9-]+$' },
  group: { enum: CHECK_GROUPS },
  title: text,
};

const parts = {
  version: { const: 1 },
  time: { type: 'string', format: 'date-time' },
  verdict: {
    enum: ['fine', 'findings', 'critical'],
    description: 'the exit code in a word: 0, 1, 2. fine does not say that all could be looked at',
  },
  counts: object({
    critical: count,
    warning: count,
    info: count,
    ok: count,
    unknown: count,
    notApplicable: count,
  }),
  findings: list(
    object({
      ...check,
      severity: { enum: ['critical', 'warning', 'info'] },
      message: { ...text, description: 'what is wrong, with numbers, in the language that was asked for' },
      data: { type: 'object', description: 'the numbers and names in the message' },
      evidence: { ...text, description: 'what was seen, as it was read' },
      why: text,
      fix: list(object({ where: text, lines: list(text) })),
      repairs: { type: ['string', 'null'], description: 'the file that --fix would write' },
    }),
  ),
  unknown: list(object({ ...check, reason: text })),
  ok: list(object({ ...check, evidence: text })),
  notApplicable: list(object(check)),
} satisfies Record<keyof ExaminationJson, Schema>;

/** JSON Schema (2020-12) of what `maque doctor --json` prints. */
export const examinationSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'maque doctor --json',
  ...object(parts),
};
