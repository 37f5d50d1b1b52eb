import type { AnyCollection } from './collection.ts';
import { fieldsInside } from './condition.ts';
import type { Field, Fields } from './field.ts';
import { loadHtmlFilter } from './rich-text.ts';
import type { Route } from './route.ts';

/** Loads what cleans HTML where an app has rich text; to be awaited before the app takes any value. */
export async function loadRichText(app: {
  readonly collections: Readonly<Record<string, AnyCollection>>;
  readonly routes: readonly Route[];
}): Promise<void> {
  const bodies = app.routes.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const declared = [...Object.values(app.collections).map(({ fields }) => fields), ...bodies];
  if (declared.some(hasRichText)) await loadHtmlFilter();
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
