import { createHash, createHmac } from 'node:crypto';
import { percentEncode } from '../percent-encode.ts';
import { type SignableRequest, sortedPairs } from './signable-request.ts';

/** What stands in a signed COS request beside the key's id: which headers and parameters take part, and the result. */
export interface CosSignature {
  readonly headerList: string;
  readonly paramList: string;
  readonly signature: string;
}

/** `start;end` in Unix seconds: how long a signature holds. */
export function cosKeyTime(startMs: number, endMs: number): string {
  return `${Math.floor(startMs / 1_000)};${Math.ceil(endMs / 1_000)}`;
}

/** Signs a request (Tencent Cloud document 436/7778). */
export function signCos(request: SignableRequest, keySecret: string, keyTime: string): CosSignature {
  const params = canonicalPairs(request.query);
  const headers = canonicalPairs(request.headers);
  const httpString = `${request.method.toLowerCase()}\n${request.path}\n${params.text}\n${headers.text}\n`;
  const text = `sha1\n${keyTime}\n${sha1(httpString)}\n`;
  return { headerList: headers.list, paramList: params.list, signature: signText(text, keySecret, keyTime) };
}

/** Signs the policy of a form (document 436/14690), which is told as JSON. */
export function signCosPolicy(policy: string, keySecret: string, keyTime: string): string {
  return signText(sha1(policy), keySecret, keyTime);
}

function signText(text: string, keySecret: string, keyTime: string): string {
  const signKey = hmacSha1(keySecret, keyTime);
  return hmacSha1(signKey, text);
}

function canonicalPairs(pairs: Readonly<Record<string, string>>): { text: string; list: string } {
  const encoded: Record<string, string> = {};
  for (const [name, value] of Object.entries(pairs)) {
    encoded[percentEncode(name).toLowerCase()] = percentEncode(value);
  }
  const sorted = sortedPairs(encoded);
  return {
    text: sorted.map(([name, value]) => `${name}=${value}`).join('&'),
    list: sorted.map(([name]) => name).join(';'),
  };
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function hmacSha1(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex');
}
