import { DAY, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import {
  OSS_V4,
  S3_V4,
  signV4,
  signV4Text,
  UNSIGNED_PAYLOAD,
  type V4Flavor,
  v4CanonicalRequest,
  v4Scope,
} from '../../object-store/signing/signature-v4.ts';
import { type ArrivedRequest, isSame, type SimulatedAccount } from './arrived-request.ts';
import { accessDenied, StoreRefusal, signatureWrong } from './store-refusal.ts';

/** How far a client's clock may be off, at both. */
const MAX_SKEW: Milliseconds = 15 * MINUTE;
const MAX_EXPIRES: Milliseconds = 7 * DAY;

interface Names {
  readonly flavor: V4Flavor;
  readonly prefix: string;
  /** In the query. */
  readonly algorithm: string;
  readonly headerList: string;
  /** In the `Authorization` header. */
  readonly headerListThere: string;
}

const NAMES: Readonly<Record<'oss' | 's3', Names>> = {
  oss: {
    flavor: OSS_V4,
    prefix: 'x-oss-',
    algorithm: 'signature-version',
    headerList: 'additional-headers',
    headerListThere: 'AdditionalHeaders',
  },
  s3: {
    flavor: S3_V4,
    prefix: 'X-Amz-',
    algorithm: 'Algorithm',
    headerList: 'SignedHeaders',
    headerListThere: 'SignedHeaders',
  },
};

interface Claims {
  readonly credential: string;
  readonly date: string;
  readonly headerList: string;
  readonly signature: string;
  /** Of a link. */
  readonly expires: string | undefined;
}

/**
 * Checks a request to OSS or S3 that is signed in its header or in its address.
 * @param path as it is signed: with the bucket in front.
 * @throws StoreRefusal
 */
export function checkV4Signature(
  request: ArrivedRequest,
  path: string,
  kind: 'oss' | 's3',
  account: SimulatedAccount,
  nowMs: number,
): void {
  const names = NAMES[kind];
  const claims = claimsOf(request, names);
  checkTime(claims, nowMs);
  checkCredential(names.flavor, claims, account);
  const headers = signedHeaders(request, names, claims.headerList);
  const { [`${names.prefix}${kind === 's3' ? 'Signature' : 'signature'}`]: _, ...query } = request.query;
  const canonical = v4CanonicalRequest(names.flavor, { ...request, path, query, headers }, UNSIGNED_PAYLOAD);
  const key = { flavor: names.flavor, region: account.region, keySecret: account.keySecret };
  if (!isSame(signV4(key, claims.date, canonical), claims.signature)) throw signatureWrong();
}

/** Checks the signature of a form, whose field names are in lower case. @throws StoreRefusal */
export function checkV4Form(
  fields: Readonly<Record<string, string>>,
  kind: 'oss' | 's3',
  account: SimulatedAccount,
  nowMs: number,
): void {
  const { flavor } = NAMES[kind];
  const prefix = kind === 'oss' ? 'x-oss-' : 'x-amz-';
  const field = (name: string) => fields[`${prefix}${name}`] ?? '';
  if (field('signature') === '') throw accessDenied('Access Denied.');
  const algorithm = kind === 'oss' ? 'signature-version' : 'algorithm';
  if (field(algorithm) !== flavor.algorithm) {
    throw new StoreRefusal(400, 'InvalidArgument', 'The algorithm is not supported.');
  }
  const claims = { credential: field('credential'), date: field('date'), headerList: '', signature: '' };
  checkTime({ ...claims, expires: String(MAX_EXPIRES / SECOND) }, nowMs);
  checkCredential(flavor, claims, account);
  const key = { flavor, region: account.region, keySecret: account.keySecret };
  if (!isSame(signV4Text(key, claims.date, fields.policy ?? ''), field('signature'))) throw signatureWrong();
}

function claimsOf({ headers, query }: ArrivedRequest, names: Names): Claims {
  const header = headers.authorization;
  const { prefix, flavor } = names;
  if (header !== undefined) return claimsOfHeader(header, headers, names);
  const capital = (name: string) => (flavor === S3_V4 ? name[0]?.toUpperCase() + name.slice(1) : name);
  const value = (name: string) => query[`${prefix}${capital(name)}`];
  if (value(names.algorithm) !== flavor.algorithm) throw accessDenied('Access Denied.');
  return {
    credential: value('credential') ?? '',
    date: value('date') ?? '',
    headerList: value(names.headerList) ?? '',
    signature: value('signature') ?? '',
    expires: value('expires') ?? '',
  };
}

function claimsOfHeader(header: string, headers: ArrivedRequest['headers'], names: Names): Claims {
  const prefix = names.prefix.toLowerCase();
  if (!header.startsWith(`${names.flavor.algorithm} `)) throw accessDenied('Access Denied.');
  if (headers[`${prefix}content-sha256`] !== UNSIGNED_PAYLOAD) {
    throw new StoreRefusal(400, 'InvalidArgument', `${prefix}content-sha256 must be ${UNSIGNED_PAYLOAD}.`);
  }
  const value = (name: string) => new RegExp(`[ ,]${name}=([^, ]*)`).exec(header)?.[1] ?? '';
  return {
    credential: value('Credential'),
    date: headers[`${prefix}date`] ?? '',
    headerList: value(names.headerListThere),
    signature: value('Signature'),
    expires: undefined,
  };
}

function checkTime({ date, expires }: Pick<Claims, 'date' | 'expires'>, nowMs: number): void {
  const at = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  const seconds = Number(expires ?? 0);
  if (!Number.isFinite(at) || !Number.isInteger(seconds) || seconds < 0 || seconds * SECOND > MAX_EXPIRES) {
    throw new StoreRefusal(400, 'InvalidArgument', 'The date or the time to live is not valid.');
  }
  const isEarly = at > nowMs + MAX_SKEW;
  if (expires === undefined && (isEarly || at < nowMs - MAX_SKEW)) {
    const message = 'The difference between the request time and the current time is too large.';
    throw new StoreRefusal(403, 'RequestTimeTooSkewed', message);
  }
  if (isEarly) throw accessDenied('Request is not valid yet');
  if (expires !== undefined && nowMs > at + seconds * SECOND) throw accessDenied('Request has expired.');
}

function checkCredential(
  flavor: V4Flavor,
  { credential, date }: Pick<Claims, 'credential' | 'date'>,
  { keyId, region }: SimulatedAccount,
): void {
  if (!credential.startsWith(`${keyId}/`)) {
    throw new StoreRefusal(403, 'InvalidAccessKeyId', 'The access key id you provided does not exist.');
  }
  if (credential !== `${keyId}/${v4Scope(flavor, region, date)}`) throw signatureWrong();
}

/** Those that are listed, and those that take part whether listed or not. */
function signedHeaders({ headers }: ArrivedRequest, { flavor }: Names, list: string): Record<string, string> {
  const listed = new Set(list.split(';').filter((name) => name !== ''));
  if (flavor === S3_V4 && !listed.has('host')) throw signatureWrong();
  const isSigned = (name: string) =>
    listed.has(name) || (flavor === S3_V4 ? name.startsWith('x-amz-') : !flavor.isListed(name));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isSigned(name)));
}
