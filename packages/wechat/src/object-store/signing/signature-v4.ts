import { createHash, createHmac } from 'node:crypto';
import { encodeKey, percentEncode } from '../percent-encode.ts';
import { type SignableRequest, sortedPairs } from './signable-request.ts';

/** Where AWS's Signature Version 4 and what Aliyun made of it differ. */
export interface V4Flavor {
  readonly algorithm: string;
  readonly secretPrefix: string;
  readonly service: string;
  readonly terminator: string;
  /** The headers whose names are listed: all that are signed (AWS), or those that need not be (OSS). */
  readonly isListed: (header: string) => boolean;
  /** A query name without a value. */
  readonly emptyPair: (name: string) => string;
}

export const S3_V4: V4Flavor = {
  algorithm: 'AWS4-HMAC-SHA256',
  secretPrefix: 'AWS4',
  service: 's3',
  terminator: 'aws4_request',
  isListed: () => true,
  emptyPair: (name) => `${name}=`,
};

export const OSS_V4: V4Flavor = {
  algorithm: 'OSS4-HMAC-SHA256',
  secretPrefix: 'aliyun_v4',
  service: 'oss',
  terminator: 'aliyun_v4_request',
  isListed: (header) => header !== 'content-type' && header !== 'content-md5' && !header.startsWith('x-oss-'),
  emptyPair: (name) => name,
};

/** The payload is not part of the signature: TLS carries it, and a stream cannot be read twice. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** `20260101T000000Z` */
export function v4Date(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** `20260101/cn-hangzhou/oss/aliyun_v4_request` */
export function v4Scope(flavor: V4Flavor, region: string, date: string): string {
  return `${date.slice(0, 8)}/${region}/${flavor.service}/${flavor.terminator}`;
}

/** The names of headers that stand in the signature, joined by `;`. */
export function v4HeaderList(flavor: V4Flavor, headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers).filter(flavor.isListed).sort().join(';');
}

/** What is hashed of a request; `payloadHash` is {@link UNSIGNED_PAYLOAD} or the body's SHA-256 in hex. */
export function v4CanonicalRequest(flavor: V4Flavor, request: SignableRequest, payloadHash: string): string {
  const headers = sortedPairs(request.headers).map(([name, value]) => `${name}:${value.trim()}\n`);
  return [
    request.method,
    encodeKey(request.path),
    v4Query(flavor, request.query),
    headers.join(''),
    v4HeaderList(flavor, request.headers),
    payloadHash,
  ].join('\n');
}

/** The query as it is signed, which is also how it is sent. */
export function v4Query(flavor: V4Flavor, query: Readonly<Record<string, string>>): string {
  const encoded = Object.entries(query).map(([name, value]) => [percentEncode(name), percentEncode(value)]);
  return sortedPairs(Object.fromEntries(encoded))
    .map(([name, value]) => (value === '' ? flavor.emptyPair(name) : `${name}=${value}`))
    .join('&');
}

interface V4Key {
  readonly flavor: V4Flavor;
  readonly region: string;
  readonly keySecret: string;
}

/** Signs a canonical request as of `date`. */
export function signV4(key: V4Key, date: string, canonicalRequest: string): string {
  const hash = createHash('sha256').update(canonicalRequest).digest('hex');
  const scope = v4Scope(key.flavor, key.region, date);
  return signV4Text(key, date, `${key.flavor.algorithm}\n${date}\n${scope}\n${hash}`);
}

/** Signs a text as of `date`: of a form that is its policy in base64. */
export function signV4Text({ flavor, region, keySecret }: V4Key, date: string, text: string): string {
  const parts = [date.slice(0, 8), region, flavor.service, flavor.terminator];
  const signingKey = parts.reduce<string | Buffer>(
    (key, part) => hmacSha256(key, part),
    flavor.secretPrefix + keySecret,
  );
  return hmacSha256(signingKey, text).toString('hex');
}

function hmacSha256(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
