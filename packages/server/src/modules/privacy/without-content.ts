import type { Field, Fields } from '../../define/field.ts';

/** What a person says or shows. Numbers, choices, moments and relations stay: rules and other records hang on them. */
const CONTENT: ReadonlySet<string> = new Set([
  ...['text', 'richText', 'json', 'object', 'list'],
  ...['geo', 'file', 'files'],
]);

/**
 * The values that leave nothing of what a record said, for one that was to go and must stay because others refer to it:
 * null where that may be, else the default, else no text. Required documents, points and files have nothing in their
 * place and stay.
 * @param nobody makes a value that no other record has, for text that is unique.
 */
export function withoutContent(fields: Fields, nobody: () => string): Record<string, unknown> {
  const emptied: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(fields)) {
    const value = CONTENT.has(one.spec.kind) ? emptyValueOf(one, nobody) : undefined;
    if (value !== undefined) emptied[name] = value;
  }
  return emptied;
}

function emptyValueOf({ spec, presence, defaultValue, isUnique }: Field, nobody: () => string): unknown {
  if (presence === 'optional') return null;
  // The end of it is what differs from one to the other.
  if (spec.kind === 'text' && isUnique) return nobody().slice(-spec.maxLength);
  if (presence === 'defaulted') return defaultValue;
  return spec.kind === 'text' || spec.kind === 'richText' ? '' : undefined;
}
