import type { AnyCollection } from './collection.ts';
import { fieldsInside } from './condition.ts';
import type { Field, Fields } from './field.ts';
import type { Route } from './route.ts';

/** What cleans HTML, once it is loaded. */
let clean: ((html: string) => string) | undefined;

/**
 * Loads what cleans HTML, where an app has rich text: 0.3 MiB of heap that other apps do not pay. To be awaited before
 * the app takes any value.
 */
export async function loadRichText(app: {
  readonly collections: Readonly<Record<string, AnyCollection>>;
  readonly routes: readonly Route[];
}): Promise<void> {
  const bodies = app.routes.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const declared = [...Object.values(app.collections).map(({ fields }) => fields), ...bodies];
  if (declared.some(hasRichText)) clean ??= (await import('./html-filter.ts')).cleanHtml;
}

/** HTML of which only what is harmless is left. @throws Error before {@link loadRichText}. */
export function cleanRichText(html: string): string {
  if (clean === undefined) throw new Error('rich text is taken before loadRichText was awaited');
  return clean(html);
}

function hasRichText(fields: Fields): boolean {
  return Object.values(fields).some(isRich);
}

function isRich(field: Field): boolean {
  const { spec } = field;
  if (spec.kind === 'list') return isRich(spec.item);
  const inside = fieldsInside(field);
  return spec.kind === 'richText' || (inside !== undefined && hasRichText(inside));
}
