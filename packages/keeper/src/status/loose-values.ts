/** A shape as another process may have sent it: anything may be anything, or missing. */
export type Loose<Shape> = { readonly [Name in keyof Shape]?: unknown };

/** An object to look into; an empty one for whatever is none. */
export function looseObject<Shape>(value: unknown): Loose<Shape> {
  return typeof value === 'object' && value !== null ? value : {};
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
