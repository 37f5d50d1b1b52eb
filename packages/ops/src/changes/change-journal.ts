import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { changeErrors } from './change-errors.ts';
import type { FileState } from './file-state.ts';

/** One change of a file, with what it takes to undo it. */
export interface ChangeRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Why, such as the id of a check. */
  readonly reason: string;
  /** Of the file, as the server calls it. */
  readonly path: string;
  /** Null where there was no such file. */
  readonly before: FileState | null;
  /** SHA-256 of what was written, in hex: tells whether somebody else changed it since. */
  readonly after: string;
  /** Folders that were made for it, the deepest first. */
  readonly madeFolders: readonly string[];
  /** What makes it count. */
  readonly apply: readonly string[] | null;
}

export interface KeptChange extends ChangeRecord {
  /** Of its record. */
  readonly file: string;
}

/** As it lies on the disk: bytes in base64. */
interface StoredRecord extends Omit<ChangeRecord, 'before'> {
  readonly before: (Omit<FileState, 'content'> & { readonly content: string }) | null;
}

/** Many times what a doctor can mend, and a dozen new plans; 256 KiB each at most. */
const MAX_RECORDS = 500;
const NAME = /^(\d{6})\.json$/;
const DRAFT = /^\d{6}\.json\.\d+$/;

/** Changes that can be undone: a file each, named by numbers in the order in which they were made. */
export class ChangeJournal {
  readonly folder: string;
  readonly #maxRecords: number;

  constructor(folder: string, maxRecords = MAX_RECORDS) {
    this.folder = folder;
    this.#maxRecords = maxRecords;
  }

  /** The oldest first. */
  async all(): Promise<readonly KeptChange[]> {
    return (await this.read()).changes;
  }

  /** The oldest first, and the files of those that a broken disk or an editor has left unreadable. */
  async read(): Promise<{ readonly changes: readonly KeptChange[]; readonly damaged: readonly string[] }> {
    const files = (await this.#names()).map((name) => join(this.folder, name));
    const changes = await Promise.all(files.map(readRecord));
    return {
      changes: changes.filter((one) => one !== undefined),
      damaged: files.filter((_, index) => changes[index] === undefined),
    };
  }

  /** Is on the disk when it is fulfilled, so that the change may begin. @throws CodedError CHANGE_BACKUPS_FULL */
  async add(record: ChangeRecord): Promise<void> {
    const names = await this.#names();
    if (names.length >= this.#maxRecords)
      throw changeErrors.CHANGE_BACKUPS_FULL({ data: { count: names.length, folder: this.folder } });
    const number = Number(NAME.exec(names.at(-1) ?? '')?.[1] ?? 0) + 1;
    // Others keep their things beside it: what is above is not ours to close.
    await mkdir(dirname(this.folder), { recursive: true });
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeWhole(
      join(this.folder, `${String(number).padStart(6, '0')}.json`),
      JSON.stringify(stored(record)),
    );
  }

  async remove({ file }: KeptChange): Promise<void> {
    await rm(file, { force: true });
    if ((await this.#names()).length > 0) return;
    // What was cut short by a kill; with it the folder would stay for ever.
    for (const name of await this.#files())
      if (DRAFT.test(name)) await rm(join(this.folder, name), { force: true });
  }

  async #names(): Promise<string[]> {
    return (await this.#files()).filter((name) => NAME.test(name)).toSorted();
  }

  async #files(): Promise<string[]> {
    return readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  }
}

/** A record is there whole or not at all, and readable by its owner alone: what it holds may have been secret. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  try {
    await using file = await open(draft, 'wx', 0o600);
    await file.writeFile(text);
    await file.sync();
    // Unlike a rename it never takes the place of a record that another doctor has just written.
    await link(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function stored({ before, ...rest }: ChangeRecord): StoredRecord {
  return {
    ...rest,
    before: before === null ? null : { ...before, content: before.content.toString('base64') },
  };
}

/** Undefined where the file holds no whole record. */
async function readRecord(file: string): Promise<KeptChange | undefined> {
  const record = recordOf(await readFile(file, 'utf8'));
  if (record === undefined) return undefined;
  const { before, ...rest } = record;
  const content = Buffer.from(before?.content ?? '', 'base64');
  return { ...rest, file, before: before === null ? null : { ...before, content } };
}

function recordOf(text: string): StoredRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<StoredRecord> | null;
    const isWhole =
      typeof record?.path === 'string' &&
      typeof record.after === 'string' &&
      Array.isArray(record.madeFolders) &&
      (record.before === null || typeof record.before?.content === 'string');
    return isWhole ? (record as StoredRecord) : undefined;
  } catch {
    return undefined;
  }
}
