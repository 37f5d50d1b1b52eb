import type { Milliseconds } from '@maque/kit';
import type { PostForm, PostFormRequest } from './object-store-types.ts';

export interface DialectRequest {
  readonly method: 'HEAD' | 'GET' | 'PUT' | 'DELETE';
  readonly key: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface LinkRequest {
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly signedAtMs: number;
  readonly expiresInMs: Milliseconds;
}

/** How one kind of store is spoken to: addresses and signatures, and nothing that has an effect. */
export interface ObjectDialect {
  /** The address and all headers of a request that is sent at `nowMs`. */
  signed(request: DialectRequest, nowMs: number): { url: string; headers: Record<string, string> };
  link(request: LinkRequest): string;
  form(request: PostFormRequest, nowMs: number): PostForm;
  /** The headers of a PUT that copies from `key`, without what the object there was kept as. */
  copying(key: string): Record<string, string>;
}
