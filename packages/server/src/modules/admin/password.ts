import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { errors } from '@maque/contract';

/**
 * scrypt with 16 MiB and five rounds: one of the parameter sets that OWASP's Password Storage Cheat Sheet holds equal,
 * and the one with the least memory but one. Its first choice takes 128 MiB, a worker's whole budget.
 */
const N = 2 ** 14;
const BLOCK = 8;
const ROUNDS = 5;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
/** Hashes at once in a worker: 16 MiB and 120 ms of a thread each. Admins log in one at a time. */
const MAX_AT_ONCE = 2;

let running = 0;

/** Hashes a password as `scrypt$N$r$p$salt$hash`, so that stronger parameters can come later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, { N, r: BLOCK, p: ROUNDS });
  return ['scrypt', N, BLOCK, ROUNDS, salt.toString('base64'), hash.toString('base64')].join('$');
}

/**
 * Compares a password with a stored hash in a time that does not tell how wrong it is. Without a hash (there is no
 * such name) it takes as long and answers false.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, n, r, p, salt = '', hash = ''] = (stored ?? NOBODY).split('$');
  const given = await derive(password, Buffer.from(salt, 'base64'), {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  const expected = Buffer.from(hash, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected) && stored !== undefined;
}

const NOBODY = ['scrypt', N, BLOCK, ROUNDS, 'AAAA', Buffer.alloc(HASH_BYTES).toString('base64')].join('$');

/** @throws CodedError TOO_MANY_REQUESTS when enough passwords are being hashed already. */
async function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  if (running >= MAX_AT_ONCE) throw errors.TOO_MANY_REQUESTS({ retryAfterSeconds: 1 });
  running += 1;
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password, salt, HASH_BYTES, options, (error, hash) =>
        error === null ? resolve(hash) : reject(error),
      );
    });
  } finally {
    running -= 1;
  }
}
