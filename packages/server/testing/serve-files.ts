import { join } from 'node:path';
import type { Upload } from '@maque/contract';
import { type Clock, KiB, MiB, type Milliseconds } from '@maque/kit';
import { openDiskFileStore } from '../src/adapters/file-store/disk-file-store.ts';
import { DatabaseJobQueue } from '../src/adapters/job-queue/database-job-queue.ts';
import { LocalMessageBus } from '../src/adapters/message-bus/local-message-bus.ts';
import { createHelperPictureShrinker } from '../src/adapters/picture-shrinker/helper-picture-shrinker.ts';
import type { App } from '../src/define/app.ts';
import { silentLogger } from '../src/logging/logger.ts';
import { migrations } from '../src/migrations.ts';
import { addUploads } from '../src/modules/uploads/add-uploads.ts';
import type { FileStore, OptionalWork } from '../src/ports/index.ts';
import { FORM_TYPE, formWith } from './multipart.ts';
import { type ServedApp, serveApp } from './serve-app.ts';

export interface ServedFiles extends ServedApp {
  readonly files: FileStore;
  /** Does the work that is due. */
  readonly jobs: DatabaseJobQueue;
  /** @param as `user:u1` and its like. */
  upload(as: string, content: Uint8Array, query?: string): Promise<Upload>;
  /** Loads a file by its address. */
  load(path: string): Promise<Response & { readonly content: Buffer }>;
}

export interface ServeFilesOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly optional?: OptionalWork;
  readonly thumbnails?: boolean;
  /** How long the helper for pictures stays without work. */
  readonly idleMs?: Milliseconds;
  /** Where files are, instead of the folder. */
  readonly files?: FileStore;
}

/** Serves an app and the files of its users, as one worker does; tokens are told instead of issued. */
export async function serveFiles(app: App, options: ServeFilesOptions): Promise<ServedFiles> {
  const { folder, clock, optional = { allowed: () => true }, thumbnails = true } = options;
  const files = options.files ?? (await openDiskFileStore(join(folder, 'files')));
  const pictures = createHelperPictureShrinker({ maxWaiting: 8, idleMs: options.idleMs ?? 500 });
  let jobs: DatabaseJobQueue | undefined;
  const served = await serveApp(app, {
    ...{ path: join(folder, 'maque.db'), clock, optional },
    migrations,
    more(http, { records, database }) {
      const bus = new LocalMessageBus(fail);
      const common = { database, bus, log: silentLogger, clock, pollMs: 50 };
      jobs = new DatabaseJobQueue({ ...common, pressure: () => 'none', onDead: fail });
      addUploads(http, {
        ...{ database, records, files, pictures, jobs, optional, clock },
        settings: { uploadLimit: 512 * KiB, uploadCount: 100, uploadQuota: 16 * MiB, thumbnails },
        secrets: { tokenKey: Buffer.alloc(32, 5) },
        guard: { pressure: () => ({ level: 'none', reasons: [] }) },
      });
    },
  });
  if (jobs === undefined) throw new Error('nothing was served');
  const queue = jobs;
  return {
    ...served,
    files,
    jobs: queue,
    async upload(as, content, query = '') {
      const answer = await fetch(`${served.url}/api/uploads${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${as}`, connection: 'close', ...FORM_TYPE },
        body: new Uint8Array(formWith(content)),
      });
      if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Upload;
    },
    async load(path) {
      const headers = { connection: 'close' };
      const answer = await fetch(served.url + path, { headers, redirect: 'manual' });
      return Object.assign(answer, { content: Buffer.from(await answer.arrayBuffer()) });
    },
    async close() {
      await queue.stop(1_000);
      pictures.close();
      await served.close();
    },
  };
}

function fail(reason: unknown): never {
  throw reason;
}
