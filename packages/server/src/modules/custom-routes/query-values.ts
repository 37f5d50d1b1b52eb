import type { Field, Fields } from '../../define/field.ts';

/**
 * The texts of a query string as the values that fields are checked against: `"20"` is 20 for a number, `"true"` is
 * true for a bool. What does not read so stays text, and the check says what is wrong with it.
 */
export function queryValues(
  fields: Fields,
  query: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return [name, field === undefined || typeof text !== 'string' ? text : readText(field, text)];
    }),
  );
}

function readText({ spec }: Field, text: string): unknown {
  switch (spec.kind) {
    case 'int':
    case 'money':
      return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : text;
    default:
      return text;
  }
}
