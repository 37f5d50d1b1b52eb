import { SECOND } from '@maque/kit';
import type { ObjectDialect } from './object-dialect.ts';
import type { ObjectStoreAccount } from './object-store-types.ts';
import { encodeKey } from './percent-encode.ts';
import { commonFields, FORM_STATUS, postPolicy } from './post-policy.ts';
import {
  S3_V4,
  signV4,
  signV4Text,
  UNSIGNED_PAYLOAD,
  v4CanonicalRequest,
  v4Date,
  v4HeaderList,
  v4Query,
  v4Scope,
} from './signing/signature-v4.ts';

/** S3 and what speaks like it: the bucket in the host's name at AWS, in the path at an endpoint of one's own. */
export function createS3Dialect(account: ObjectStoreAccount): ObjectDialect {
  const { bucket, region, keyId, keySecret } = account;
  // AWS in China is an estate of its own.
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const origin = account.endpoint ?? `https://${bucket}.s3.${region}.${domain}`;
  const folder = account.endpoint === undefined ? '' : `/${bucket}`;
  const { host } = new URL(origin);
  const key = { flavor: S3_V4, region, keySecret };
  const pathOf = (object: string) => `${folder}/${object}`;
  const addressOf = (object: string) => `${origin}${encodeKey(pathOf(object))}`;
  const credentialAt = (date: string) => `${keyId}/${v4Scope(S3_V4, region, date)}`;

  return {
    signed(request, nowMs) {
      const date = v4Date(nowMs);
      const own = { 'x-amz-date': date, 'x-amz-content-sha256': UNSIGNED_PAYLOAD };
      const headers = { ...request.headers, ...own };
      const taking: Record<string, string> = { host };
      for (const [name, value] of Object.entries(headers)) {
        if (name.startsWith('x-amz-') || name === 'content-type') taking[name] = value;
      }
      const signable = { method: request.method, path: pathOf(request.key), query: {}, headers: taking };
      const signature = signV4(key, date, v4CanonicalRequest(S3_V4, signable, UNSIGNED_PAYLOAD));
      const authorization = `${S3_V4.algorithm} Credential=${credentialAt(date)},SignedHeaders=${v4HeaderList(S3_V4, taking)},Signature=${signature}`;
      return { url: addressOf(request.key), headers: { ...headers, authorization } };
    },
    link({ key: object, query: wanted, signedAtMs, expiresInMs }) {
      const date = v4Date(signedAtMs);
      const query = {
        ...wanted,
        'X-Amz-Algorithm': S3_V4.algorithm,
        'X-Amz-Credential': credentialAt(date),
        'X-Amz-Date': date,
        'X-Amz-Expires': String(Math.ceil(expiresInMs / SECOND)),
        'X-Amz-SignedHeaders': 'host',
      };
      const signable = { method: 'GET', path: pathOf(object), query, headers: { host } };
      const signature = signV4(key, date, v4CanonicalRequest(S3_V4, signable, UNSIGNED_PAYLOAD));
      return `${addressOf(object)}?${v4Query(S3_V4, query)}&X-Amz-Signature=${signature}`;
    },
    form(request, nowMs) {
      if (request.callback !== undefined) throw new TypeError('only OSS calls back');
      const date = v4Date(nowMs);
      const signing = {
        'x-amz-algorithm': S3_V4.algorithm,
        'x-amz-credential': credentialAt(date),
        'x-amz-date': date,
      };
      // S3 refuses a field that the policy does not speak of.
      const told = Object.entries({ ...signing, ...FORM_STATUS }).map(([name, value]) => ({ [name]: value }));
      const policy = Buffer.from(postPolicy(request, nowMs, [{ bucket }, ...told])).toString('base64');
      const fields = { ...commonFields(request), policy, ...signing };
      return {
        url: `${origin}${folder}/`,
        fields: { ...fields, 'x-amz-signature': signV4Text(key, date, policy) },
      };
    },
    copying: (object) => ({
      'x-amz-copy-source': `/${bucket}/${encodeKey(object)}`,
      'x-amz-metadata-directive': 'REPLACE',
    }),
  };
}
