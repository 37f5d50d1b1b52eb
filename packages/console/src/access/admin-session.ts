/** Who is signed in, in this tab. */
export interface AdminSession {
  readonly name: string;
  readonly token: string;
}

const key = 'maque:admin';

/** The tab's session; undefined when there is none or what is kept is not one. */
export function readSession(storage: Storage): AdminSession | undefined {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? 'null') as Partial<AdminSession> | null;
    if (typeof kept?.name !== 'string' || typeof kept.token !== 'string') return undefined;
    return { name: kept.name, token: kept.token };
  } catch {
    return undefined;
  }
}

/** Session storage and not local storage: the token ends with the tab and no other tab sees it. */
export function keepSession(storage: Storage, session: AdminSession | undefined): void {
  if (session === undefined) storage.removeItem(key);
  else storage.setItem(key, JSON.stringify(session));
}
