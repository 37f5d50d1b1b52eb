import { objectStoreErrors } from './object-store-errors.ts';
import type { ObjectStoreAccount } from './object-store-types.ts';

/** COS's bound; OSS takes 1,023 and S3 1,024. */
const MAX_KEY_BYTES = 850;

/**
 * Refuses what one of the stores would, and what would not arrive as it was signed: addresses are tidied on their way,
 * so that `a/../b` becomes `b`.
 * @throws CodedError STORE_KEY_INVALID
 */
export function checkKey(key: string): void {
  const isSafe =
    key !== '' &&
    Buffer.byteLength(key) <= MAX_KEY_BYTES &&
    key.isWellFormed() &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    !/[\u0000-\u001f\u007f\\]/.test(key) &&
    !key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..');
  if (!isSafe) throw objectStoreErrors.STORE_KEY_INVALID();
}

/** Whether a text is `http(s)://host[:port]` and nothing after it. */
function isStoreEndpoint(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.origin === text;
}

/** @throws TypeError; never with a secret in it. */
export function checkAccount({ bucket, region, endpoint, keyId, keySecret }: ObjectStoreAccount): void {
  // Both are labels of a host's name.
  if (!/^[a-z0-9][a-z0-9.-]{1,62}$/.test(bucket))
    throw new TypeError(`${bucket} is not the name of a bucket`);
  if (!/^[a-z0-9-]{1,32}$/.test(region)) throw new TypeError(`${region} is not the name of a region`);
  if (endpoint !== undefined && !isStoreEndpoint(endpoint)) {
    throw new TypeError(`${endpoint} is not an origin such as https://files.example.com`);
  }
  if (keyId === '' || keySecret === '')
    throw new TypeError('an object store needs the id and the secret of a key');
}
