import type { ClassCount } from './class-census.ts';

const ELEMENT_TYPES: ReadonlySet<string> = new Set(['object', 'closure', 'regexp']);
const SYSTEM_NAME = /^system \/|^\(/;

/** Whether people write such objects. Arrays, tables and contexts between them are how V8 keeps them. */
export function isElementClass({ type, name }: ClassCount): boolean {
  return ELEMENT_TYPES.has(type) && !SYSTEM_NAME.test(name);
}
