import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  fchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, DAY, type Milliseconds, systemClock } from '@maque/kit';
import { dataFolderAt } from '../../config/data-folder.ts';

/** Long enough for a cup of tea and a night, short enough that a line in somebody's scrollback is worth nothing. */
const LINK_TTL_MS: Milliseconds = DAY;

/** What the file holds: the hash of the link's token, never the token; or that the console has been claimed. */
interface StoredLink {
  readonly sha256?: string;
  readonly expiresAtMs?: number;
  readonly claimed?: boolean;
}

/**
 * Makes the one-time link with which the first admin claims the console, and answers its token: the address is
 * `/_/#link=<token>`. An earlier link dies. Undefined when the console has been claimed, unless `again` asks for it.
 * Touches only the data folder, so that the command can call it without a database.
 */
export function createAdminLink(
  dataDir: string,
  options: { readonly again?: boolean; readonly clock?: Clock } = {},
): string | undefined {
  const path = dataFolderAt(dataDir).adminLink;
  if (readLink(path).claimed === true && options.again !== true) return undefined;
  const token = randomBytes(32).toString('base64url');
  const expiresAtMs = (options.clock ?? systemClock).now() + LINK_TTL_MS;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeLink(path, { sha256: hashOf(token), expiresAtMs });
  return token;
}

/** Whether a token is that of the link in a file. Spends nothing. */
export function isLinkValid(path: string, token: string, nowMs: number): boolean {
  const { sha256, expiresAtMs } = readLink(path);
  if (sha256 === undefined || expiresAtMs === undefined || expiresAtMs <= nowMs) return false;
  const [stored, given] = [Buffer.from(sha256, 'hex'), Buffer.from(hashOf(token), 'hex')];
  return stored.length === given.length && timingSafeEqual(stored, given);
}

/** A link that has been taken out of use, by one caller only. */
export interface TakenLink {
  /** Puts it back: what it was taken for did not come about. */
  giveBack(): void;
  /** The console is claimed. */
  settle(): void;
}

/**
 * Takes the link of a token away. Of several callers one wins, since a file can be renamed once; the others get
 * undefined, also those who come when something else stands under its name: a newer link, or that the console is claimed.
 */
export function takeLink(path: string, token: string, nowMs: number): TakenLink | undefined {
  const taken = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const giveBack = () => renameSync(taken, path);
  if (!isLinkValid(taken, token, nowMs)) {
    giveBack();
    return undefined;
  }
  return {
    giveBack,
    settle() {
      writeLink(path, { claimed: true });
      rmSync(taken, { force: true });
    },
  };
}

/**
 * Writes the file for the folder's owner: root, who makes a link for the server of another user, would leave a file
 * that this server cannot read. The name is random and must be new, so that root follows no link laid there by others.
 */
function writeLink(path: string, link: StoredLink): void {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.draft`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(descriptor, JSON.stringify(link));
    if (process.getuid?.() === 0) {
      const { uid, gid } = statSync(dirname(path));
      fchownSync(descriptor, uid, gid);
    }
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, path);
}

function readLink(path: string): StoredLink {
  try {
    return { ...JSON.parse(readFileSync(path, 'utf8')) };
  } catch {
    // Missing or damaged: there is no link, and a new one replaces it.
    return {};
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
