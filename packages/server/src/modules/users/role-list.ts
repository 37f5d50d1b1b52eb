/** Roles as a column holds them: JSON, sorted, each once, so that the same roles are the same text; null for none. */
export function textOfRoles(roles: readonly string[]): string | null {
  return roles.length === 0 ? null : JSON.stringify([...new Set(roles)].sort());
}

export function rolesOf(text: string | null): readonly string[] {
  return text === null ? NONE : Object.freeze(JSON.parse(text) as string[]);
}

const NONE: readonly string[] = Object.freeze([]);
