import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ObjectStoreKind } from '../../object-store/index.ts';
import { StoreRefusal } from './store-refusal.ts';

/** A request as the stores' signatures see it. */
export interface ArrivedRequest {
  readonly method: string;
  /** From the slash on, decoded. */
  readonly path: string;
  /** Decoded. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who may do what in the simulated bucket. */
export interface SimulatedAccount {
  readonly kind: ObjectStoreKind;
  readonly bucket: string;
  readonly region: string;
  readonly keyId: string;
  readonly keySecret: string;
}

/** @throws StoreRefusal InvalidURI for what cannot be decoded. */
export function arrivedRequest(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): ArrivedRequest {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s, 2);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  try {
    const pairs = query.split('&').filter((pair) => pair !== '');
    return {
      method: request.method ?? 'GET',
      path: decodeURIComponent(path),
      query: Object.fromEntries(pairs.map((pair) => decodePair(pair))),
      headers,
    };
  } catch {
    throw new StoreRefusal(400, 'InvalidURI', 'The address cannot be decoded.');
  }
}

/** Compares in a time that does not depend on where two texts differ. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function decodePair(pair: string): [string, string] {
  const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
  return [decodeURIComponent(name), decodeURIComponent(value)];
}
