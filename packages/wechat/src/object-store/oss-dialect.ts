import { SECOND } from '@maque/kit';
import type { ObjectDialect } from './object-dialect.ts';
import type { ObjectStoreAccount, PostFormRequest, UploadCallback } from './object-store-types.ts';
import { encodeKey } from './percent-encode.ts';
import { commonFields, postPolicy } from './post-policy.ts';
import {
  OSS_V4,
  signV4,
  signV4Text,
  UNSIGNED_PAYLOAD,
  v4CanonicalRequest,
  v4Date,
  v4Query,
  v4Scope,
} from './signing/signature-v4.ts';

/** Aliyun OSS, signatures of version 4. */
export function createOssDialect(account: ObjectStoreAccount): ObjectDialect {
  const { bucket, keyId, keySecret } = account;
  // People write the region as it stands in addresses, too.
  const region = account.region.replace(/^oss-/, '');
  const origin = account.endpoint ?? `https://${bucket}.oss-${region}.aliyuncs.com`;
  const key = { flavor: OSS_V4, region, keySecret };
  // Signed as if in the path, whatever the address is.
  const pathOf = (object: string) => `/${bucket}/${object}`;
  const credentialAt = (date: string) => `${keyId}/${v4Scope(OSS_V4, region, date)}`;

  return {
    signed(request, nowMs) {
      const date = v4Date(nowMs);
      const headers: Record<string, string> = {
        ...request.headers,
        'x-oss-date': date,
        'x-oss-content-sha256': UNSIGNED_PAYLOAD,
      };
      // Left alone OSS gives the whole object for a range that goes beyond its end (help.aliyun.com, "GetObject").
      if (request.headers.range !== undefined) headers['x-oss-range-behavior'] = 'standard';
      const taking = Object.fromEntries(Object.entries(headers).filter(([name]) => !OSS_V4.isListed(name)));
      const signable = { method: request.method, path: pathOf(request.key), query: {}, headers: taking };
      const signature = signV4(key, date, v4CanonicalRequest(OSS_V4, signable, UNSIGNED_PAYLOAD));
      const authorization = `${OSS_V4.algorithm} Credential=${credentialAt(date)},Signature=${signature}`;
      return { url: `${origin}/${encodeKey(request.key)}`, headers: { ...headers, authorization } };
    },
    link({ key: object, query: wanted, signedAtMs, expiresInMs }) {
      const date = v4Date(signedAtMs);
      const query = {
        ...wanted,
        'x-oss-credential': credentialAt(date),
        'x-oss-date': date,
        'x-oss-expires': String(Math.ceil(expiresInMs / SECOND)),
        'x-oss-signature-version': OSS_V4.algorithm,
      };
      const signable = { method: 'GET', path: pathOf(object), query, headers: {} };
      const signature = signV4(key, date, v4CanonicalRequest(OSS_V4, signable, UNSIGNED_PAYLOAD));
      return `${origin}/${encodeKey(object)}?${v4Query(OSS_V4, query)}&x-oss-signature=${signature}`;
    },
    form(request, nowMs) {
      const date = v4Date(nowMs);
      const signing = {
        'x-oss-signature-version': OSS_V4.algorithm,
        'x-oss-credential': credentialAt(date),
        'x-oss-date': date,
      };
      const own = [{ bucket }, ...Object.entries(signing).map(([name, value]) => ({ [name]: value }))];
      const policy = Buffer.from(postPolicy(request, nowMs, own, '$content-type')).toString('base64');
      const fields = {
        ...commonFields(request),
        policy,
        ...signing,
        'x-oss-signature': signV4Text(key, date, policy),
        ...callbackFields(request),
      };
      return { url: `${origin}/`, fields };
    },
    copying: (object) => ({
      'x-oss-copy-source': `/${bucket}/${encodeKey(object)}`,
      'x-oss-metadata-directive': 'REPLACE',
    }),
  };
}

function callbackFields({ callback }: PostFormRequest): Record<string, string> {
  if (callback === undefined) return {};
  return { callback: encodeCallback(callback), ...callback.variables };
}

function encodeCallback({ url, body, bodyType }: UploadCallback): string {
  const told = {
    callbackUrl: url,
    callbackBody: body,
    callbackBodyType: bodyType ?? 'application/x-www-form-urlencoded',
  };
  return Buffer.from(JSON.stringify(told)).toString('base64');
}
