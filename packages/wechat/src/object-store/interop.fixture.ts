import fc from 'fast-check';
import { arrivedRequest } from '../simulator/object-store/arrived-request.ts';
import { checkKey } from './object-store-checks.ts';

/** Keys of any letters, as users' files have them. */
export const keys = fc
  .array(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'))
  .filter(isKey);

/** Names of parameters on whose order everybody agrees, with values of any letters. */
export const queries = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,8}){0,2}$/),
  fc.string({ unit: 'binary', maxLength: 20 }),
  { maxKeys: 5, noNullPrototype: true },
);

export const methods = fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE');
export const secrets = fc.stringMatching(/^[A-Za-z0-9]{8,40}$/);

/** A request for an address, as it reaches a store. */
export function arriving(address: string, method = 'GET') {
  const { host, pathname, search } = new URL(address);
  return arrivedRequest({ method, url: pathname + search, headers: { host } });
}

function isKey(key: string): boolean {
  try {
    checkKey(key);
    return true;
  } catch {
    return false;
  }
}
