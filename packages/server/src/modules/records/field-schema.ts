import type { AnyCollection } from '../../define/collection.ts';
import { recordFields } from '../../define/condition.ts';
import type { Field, Fields } from '../../define/field.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const TIME: JsonSchema = { type: 'string', format: 'date-time' };
const ID: JsonSchema = { type: 'string', maxLength: 40 };
const GEO: JsonSchema = {
  type: 'object',
  properties: {
    lat: { type: 'number', minimum: -90, maximum: 90 },
    lng: { type: 'number', minimum: -180, maximum: 180 },
  },
  required: ['lat', 'lng'],
  additionalProperties: false,
};

/** What a request may hold, for the reference of the API; requests are judged by `checkFields`, which says more. */
export function inputSchema(fields: Fields, { partial }: { readonly partial: boolean }): JsonSchema {
  const visible = Object.entries(fields).filter(([, { isHidden }]) => !isHidden);
  const required = visible.filter(([, { presence }]) => presence === 'required').map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(visible.map(([name, one]) => [name, fieldSchema(one)])),
    ...(partial || required.length === 0 ? {} : { required }),
    additionalProperties: false,
    ...(partial ? { minProperties: 1 } : {}),
  };
}

/** What an answer of named fields holds. */
export function answerSchema(fields: Fields): JsonSchema {
  const visible = Object.entries(fields).filter(([, { isHidden }]) => !isHidden);
  return {
    type: 'object',
    properties: Object.fromEntries(visible.map(([name, one]) => [name, fieldSchema(one)])),
    required: visible.map(([name]) => name),
  };
}

/** What answers have of a record: the fields that are not hidden, its facts, and what is computed. */
export function recordSchema(declared: AnyCollection): JsonSchema {
  const computed = Object.entries(declared.computed).map(([name, { as }]) => [name, as] as const);
  return answerSchema({ ...recordFields(declared), ...Object.fromEntries(computed) });
}

export function pageSchema(item: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: {
      items: { type: 'array', items: item },
      nextCursor: { type: ['string', 'null'] },
      total: { type: 'integer', description: 'Where count asked for it' },
      shed: {
        type: 'array',
        items: { type: 'string', enum: ['expand', 'count'] },
        description: 'What was asked for and left out, because the server is busy',
      },
    },
    required: ['items', 'nextCursor'],
  };
}

function fieldSchema({ spec, presence, defaultValue }: Field): JsonSchema {
  const schema = valueSchema(spec);
  if (presence === 'optional') return { anyOf: [schema, { type: 'null' }] };
  const isPlain = presence === 'defaulted' && typeof defaultValue !== 'symbol';
  return isPlain ? { ...schema, default: defaultValue } : schema;
}

function valueSchema(spec: Field['spec']): JsonSchema {
  switch (spec.kind) {
    case 'text':
      return { type: 'string', minLength: spec.minLength, maxLength: spec.maxLength };
    case 'int':
      return { type: 'integer', minimum: spec.min, maximum: spec.max };
    case 'money':
      return { type: 'integer', minimum: spec.min, maximum: spec.max, description: 'fen' };
    case 'bool':
      return { type: 'boolean' };
    case 'datetime':
      return TIME;
    case 'enum':
      return { type: 'string', enum: spec.values };
    case 'relation':
    case 'user':
      return ID;
    case 'file':
      return ID;
    case 'relations':
    case 'users':
    case 'files':
      return { type: 'array', items: ID, maxItems: spec.maxItems };
    case 'richText':
      return { type: 'string', maxLength: spec.maxLength, contentMediaType: 'text/html' };
    case 'geo':
      return GEO;
    case 'json':
      return spec.shape === undefined ? {} : documentSchema(spec.shape);
    case 'object':
      return inputSchema(spec.fields, { partial: false });
    case 'list':
      return {
        type: 'array',
        items: fieldSchema(spec.item),
        minItems: spec.minItems,
        maxItems: spec.maxItems,
      };
  }
}

/** A document of which some fields are known; each may be left out, and others may be there. */
function documentSchema(shape: Fields): JsonSchema {
  const known = Object.entries(shape).map(([name, one]) => [name, fieldSchema(one)]);
  return { type: 'object', properties: Object.fromEntries(known) };
}
