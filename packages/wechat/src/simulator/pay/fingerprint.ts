import { hash } from 'node:crypto';

/** The same for the same parameters, whatever their order. */
export function fingerprintOf(body: object): string {
  return hash('sha256', JSON.stringify(body, sortFields), 'base64');
}

function sortFields(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
