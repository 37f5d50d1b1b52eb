import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Bytes, GiB } from '@maque/kit';
import type { ServerSettings } from '../../config/settings-table.ts';
import type { FileStore } from '../../ports/index.ts';
import { backupErrors } from './backup-errors.ts';
import {
  BACKUP_FILES,
  type BackupManifest,
  isBackupName,
  MAX_MANIFEST_BYTES,
  readManifest,
} from './backup-manifest.ts';
import type { BackupPlace } from './backup-place.ts';

const FOLDER = 'backups';
type Kind = BackupManifest['kind'];
const KINDS: readonly Kind[] = ['scheduled', 'asked'];
/**
 * The names of a kind, the newest first: a store cannot be asked what it has. A list is read and written back, so each
 * has one writer: the job, which runs once at a time in all workers, and whoever types `maque backup`.
 */
const indexOf = (kind: Kind) => `${FOLDER}/${kind}.json`;
// What COS, OSS and S3 take in one request.
const MAX_OBJECT_BYTES: Bytes = 5 * GiB;
// Of a kind: as many as two years of days; further ones push the oldest out of the list.
const MAX_LISTED = 730;
const GZIPPED = 'application/gzip';

/** Backups in the bucket of the app's files: the database and, where asked, the keys; the files are there already. */
export function storeBackups(store: FileStore, title: string): BackupPlace {
  const put = (key: string, content: AsyncIterable<Uint8Array>, contentType: string) =>
    store.put(key, content, { maxBytes: MAX_OBJECT_BYTES, contentType: () => contentType });
  const putJson = (key: string, value: unknown) =>
    put(key, once(`${JSON.stringify(value, undefined, 2)}\n`), 'application/json');
  const namesOf = async (kind: Kind): Promise<readonly string[]> => {
    const text = await readText(store, indexOf(kind));
    return text === undefined ? [] : namesIn(text, indexOf(kind));
  };

  return {
    title,
    async list() {
      const names = (await Promise.all(KINDS.map(namesOf))).flat().sort().reverse();
      const manifests = await Promise.all(names.map((name) => manifestOf(store, name)));
      return manifests.filter((manifest) => manifest !== undefined);
    },
    async keep(draft, manifest) {
      const { name, kind, hasSecrets } = manifest;
      for (const file of [BACKUP_FILES.database, ...(hasSecrets ? [BACKUP_FILES.secrets] : [])]) {
        const key = keyOf(name, `${file}.gz`);
        await pipeline(createReadStream(join(draft, file)), createGzip(), (gzipped) =>
          put(key, gzipped, GZIPPED),
        );
      }
      await putJson(keyOf(name, BACKUP_FILES.manifest), manifest);
      await putJson(indexOf(kind), [name, ...(await namesOf(kind))].slice(0, MAX_LISTED));
      await rm(draft, { recursive: true });
    },
    async fetch(name, target) {
      const manifest = isBackupName(name) ? await manifestOf(store, name) : undefined;
      if (manifest === undefined) throw backupErrors.BACKUP_UNKNOWN({ data: { name, place: title } });
      const partial = `${target}.partial`;
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial, { mode: 0o700 });
      for (const file of [BACKUP_FILES.database, ...(manifest.hasSecrets ? [BACKUP_FILES.secrets] : [])]) {
        await download(store, keyOf(name, `${file}.gz`), join(partial, file), name);
      }
      await writeFile(join(partial, BACKUP_FILES.manifest), JSON.stringify(manifest), { mode: 0o600 });
      await rename(partial, target);
      return target;
    },
    async remove(name) {
      for (const kind of KINDS) {
        const names = await namesOf(kind);
        const others = names.filter((known) => known !== name);
        if (others.length < names.length) await putJson(indexOf(kind), others);
      }
      const { manifest, database, secrets } = BACKUP_FILES;
      for (const file of [manifest, `${database}.gz`, `${secrets}.gz`]) await store.delete(keyOf(name, file));
    },
  };
}

/** What people know the bucket of these settings by. */
export function storeTitle({
  fileStore,
  storeBucket,
}: Pick<ServerSettings, 'fileStore' | 'storeBucket'>): string {
  return `${fileStore}:${storeBucket}`;
}

function keyOf(name: string, file: string): string {
  return `${FOLDER}/${name}/${file}`;
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** @throws CodedError BACKUP_DAMAGED when there is an index and it cannot be read: it must not be begun anew. */
function namesIn(text: string, index: string): string[] {
  try {
    return (JSON.parse(text) as unknown[]).filter(
      (name) => typeof name === 'string' && isBackupName(name),
    ) as string[];
  } catch (error) {
    throw backupErrors.BACKUP_DAMAGED({ data: { name: index, reason: String(error) }, cause: error });
  }
}

async function manifestOf(store: FileStore, name: string): Promise<BackupManifest | undefined> {
  const text = await readText(store, keyOf(name, BACKUP_FILES.manifest));
  try {
    return text === undefined ? undefined : readManifest(text, name);
  } catch {
    return undefined;
  }
}

async function readText(store: FileStore, key: string): Promise<string | undefined> {
  const file = await store.open(key);
  if (file === undefined) return undefined;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of file.content) {
    bytes += part.length;
    if (bytes > MAX_MANIFEST_BYTES) break;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function download(store: FileStore, key: string, path: string, name: string): Promise<void> {
  const file = await store.open(key);
  if (file === undefined)
    throw backupErrors.BACKUP_DAMAGED({ data: { name, reason: `${key} is not there` } });
  try {
    await pipeline(file.content, createGunzip(), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
    throw backupErrors.BACKUP_DAMAGED({
      data: { name, reason: `${key}: ${(error as Error).message}` },
      cause: error,
    });
  }
}
