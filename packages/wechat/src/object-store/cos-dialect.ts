import { MINUTE, type Milliseconds } from '@maque/kit';
import type { ObjectDialect } from './object-dialect.ts';
import type { ObjectStoreAccount, PostForm, PostFormRequest } from './object-store-types.ts';
import { encodeKey, percentEncode } from './percent-encode.ts';
import { commonFields, postPolicy } from './post-policy.ts';
import { cosKeyTime, signCos, signCosPolicy } from './signing/cos-signature.ts';

/** A signature of the future is refused, so it begins a little in the past: for clocks that go ahead of Tencent's. */
const EARLY_MS: Milliseconds = MINUTE;
/** How long a request of our own may take to reach the store; the signature is of no use to anybody else. */
const REQUEST_MS: Milliseconds = 15 * MINUTE;

/** Tencent COS. */
export function createCosDialect(account: ObjectStoreAccount): ObjectDialect {
  const { bucket, region, keyId, keySecret } = account;
  const ownHost = `${bucket}.cos.${region}.myqcloud.com`;
  const origin = account.endpoint ?? `https://${ownHost}`;
  const { host } = new URL(origin);

  /** The pairs of an `Authorization` header; also the query of a link. */
  function authorization(
    request: {
      method: string;
      key: string;
      query: Readonly<Record<string, string>>;
      headers: Readonly<Record<string, string>>;
    },
    keyTime: string,
  ): [string, string][] {
    const signable = { ...request, path: `/${request.key}` };
    const { headerList, paramList, signature } = signCos(signable, keySecret, keyTime);
    return [
      ['q-sign-algorithm', 'sha1'],
      ['q-ak', keyId],
      ['q-sign-time', keyTime],
      ['q-key-time', keyTime],
      ['q-header-list', headerList],
      ['q-url-param-list', paramList],
      ['q-signature', signature],
    ];
  }

  return {
    signed({ method, key, headers }, nowMs) {
      const keyTime = cosKeyTime(nowMs - EARLY_MS, nowMs + REQUEST_MS);
      const taking = { host, ...pairsWhere(headers, (name) => name.startsWith('x-cos-')) };
      const pairs = authorization({ method, key, query: {}, headers: taking }, keyTime);
      const value = pairs.map((pair) => pair.join('=')).join('&');
      return { url: `${origin}/${encodeKey(key)}`, headers: { ...headers, authorization: value } };
    },
    link({ key, query, signedAtMs, expiresInMs }) {
      const keyTime = cosKeyTime(signedAtMs - EARLY_MS, signedAtMs + expiresInMs);
      const pairs = [
        ...authorization({ method: 'GET', key, query, headers: { host } }, keyTime),
        ...Object.entries(query),
      ];
      const text = pairs.map((pair) => pair.map(percentEncode).join('=')).join('&');
      return `${origin}/${encodeKey(key)}?${text}`;
    },
    form(request, nowMs) {
      const keyTime = cosKeyTime(nowMs - EARLY_MS, nowMs + request.expiresInMs);
      return { url: `${origin}/`, fields: cosFormFields(account, request, nowMs, keyTime) };
    },
    copying: (key) => ({
      'x-cos-copy-source': `${ownHost}/${encodeKey(key)}`,
      'x-cos-metadata-directive': 'Replaced',
    }),
  };
}

/** @throws TypeError for a callback, which COS gives to accounts on a list only and signs in a way that is not published. */
export function cosFormFields(
  { bucket, keyId, keySecret }: ObjectStoreAccount,
  request: PostFormRequest,
  nowMs: number,
  keyTime: string,
): PostForm['fields'] {
  if (request.callback !== undefined) throw new TypeError('only OSS calls back');
  const policy = postPolicy(request, nowMs, [
    { 'q-sign-algorithm': 'sha1' },
    { 'q-ak': keyId },
    { 'q-sign-time': keyTime },
    { bucket },
  ]);
  return {
    ...commonFields(request),
    policy: Buffer.from(policy).toString('base64'),
    'q-sign-algorithm': 'sha1',
    'q-ak': keyId,
    'q-key-time': keyTime,
    'q-signature': signCosPolicy(policy, keySecret, keyTime),
  };
}

function pairsWhere(
  pairs: Readonly<Record<string, string>>,
  isWanted: (name: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).filter(([name]) => isWanted(name)));
}
