import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bootErrors } from './boot-errors.ts';
import type { DataFolder } from './data-folder.ts';

/** Keys of this installation, 32 random bytes each. Never printed, never sent. */
export interface Secrets {
  /** Signs session tokens (HMAC-SHA256). */
  readonly tokenKey: Buffer;
  /** Signs list cursors (HMAC-SHA256). */
  readonly cursorKey: Buffer;
  /** Encrypts WeChat session keys at rest (AES-256-GCM). */
  readonly sessionKeyKey: Buffer;
}

const NAMES = ['tokenKey', 'cursorKey', 'sessionKeyKey'] as const;
// The output size of SHA-256 and the key size of AES-256.
const KEY_BYTES = 32;
const OTHERS_BITS = 0o077;

/**
 * Reads the secrets of a data folder, making them at the first start. Workers that start at once agree: the file
 * appears whole under its name by `link`, which only one of them can win, and all read what is there.
 * @throws CodedError SECRETS_EXPOSED when others may read the file, SECRETS_CORRUPT when it is not what was written.
 */
export function loadSecrets(folder: DataFolder): Secrets {
  return readSecrets(folder.secrets) ?? createSecrets(folder.secrets);
}

function createSecrets(path: string): Secrets {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const fresh = Object.fromEntries(NAMES.map((name) => [name, randomBytes(KEY_BYTES).toString('base64')]));
  writeFileSync(draft, `${JSON.stringify({ version: 1, ...fresh })}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const secrets = readSecrets(path);
  if (secrets === undefined) throw bootErrors.SECRETS_CORRUPT({ data: { path } });
  return secrets;
}

function readSecrets(path: string): Secrets | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    // The mode of what was opened, not of what may stand under the name by now.
    const mode = fstatSync(descriptor).mode & 0o777;
    if ((mode & OTHERS_BITS) !== 0) {
      throw bootErrors.SECRETS_EXPOSED({ data: { path, mode: mode.toString(8) } });
    }
    return parseSecrets(path, readFileSync(descriptor, 'utf8'));
  } finally {
    closeSync(descriptor);
  }
}

function parseSecrets(path: string, text: string): Secrets {
  const stored = parseObject(text);
  const entries = NAMES.map((name) => {
    const key = Buffer.from(String(stored[name] ?? ''), 'base64');
    if (key.length !== KEY_BYTES) throw bootErrors.SECRETS_CORRUPT({ data: { path } });
    return [name, key] as const;
  });
  return Object.freeze(Object.fromEntries(entries)) as unknown as Secrets;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}
