import { percentEncode } from '../../object-store/percent-encode.ts';
import { signCos, signCosPolicy } from '../../object-store/signing/cos-signature.ts';
import { type ArrivedRequest, isSame, type SimulatedAccount } from './arrived-request.ts';
import { accessDenied, StoreRefusal, signatureWrong } from './store-refusal.ts';

type Pairs = Readonly<Record<string, string>>;

/** Checks a request to COS that is signed in its header or in its address. @throws StoreRefusal */
export function checkCosSignature(request: ArrivedRequest, account: SimulatedAccount, nowMs: number): void {
  const { authorization } = request.headers;
  const told: Pairs = authorization === undefined ? request.query : pairsOf(authorization);
  const keyTime = checkClaims(told, account, nowMs);
  const { signature } = signCos(
    {
      method: request.method,
      path: request.path,
      query: taking(request.query, told['q-url-param-list'] ?? ''),
      headers: taking(request.headers, told['q-header-list'] ?? ''),
    },
    account.keySecret,
    keyTime,
  );
  if (!isSame(signature, told['q-signature'] ?? '')) throw signatureWrong();
}

/** Checks the signature of a form. @throws StoreRefusal */
export function checkCosForm(fields: Pairs, policy: string, account: SimulatedAccount, nowMs: number): void {
  const keyTime = checkClaims({ ...fields, 'q-sign-time': fields['q-key-time'] ?? '' }, account, nowMs);
  const signature = signCosPolicy(policy, account.keySecret, keyTime);
  if (!isSame(signature, fields['q-signature'] ?? '')) throw signatureWrong();
}

/** Who signs, and for how long. Answers the time. */
function checkClaims(told: Pairs, account: SimulatedAccount, nowMs: number): string {
  if (told['q-signature'] === undefined) throw accessDenied('Access Denied.');
  if (told['q-sign-algorithm'] !== 'sha1') {
    throw new StoreRefusal(400, 'InvalidArgument', 'q-sign-algorithm must be sha1.');
  }
  if (told['q-ak'] !== account.keyId) {
    throw new StoreRefusal(403, 'InvalidAccessKeyId', 'The access key id you provided does not exist.');
  }
  const keyTime = told['q-key-time'] ?? '';
  const [, start, end] = /^(\d{1,12});(\d{1,12})$/.exec(keyTime) ?? [];
  if (start === undefined || told['q-sign-time'] !== keyTime) throw signatureWrong();
  const now = Math.floor(nowMs / 1_000);
  if (now < Number(start) || now > Number(end)) throw accessDenied('Request has expired');
  return keyTime;
}

/** `k=v&k=v`, where values have no `&` in them and nothing is encoded. */
function pairsOf(text: string): Pairs {
  return Object.fromEntries(text.split('&').map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
}

/** Those pairs whose encoded name is in the list, which an address has encoded once or twice. */
function taking(pairs: Pairs, list: string): Record<string, string> {
  const names = new Set(list.split(';').map((name) => encodedName(decodeURIComponent(name))));
  return Object.fromEntries(Object.entries(pairs).filter(([name]) => names.has(encodedName(name))));
}

function encodedName(name: string): string {
  return percentEncode(name).toLowerCase();
}
