import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { threadId } from 'node:worker_threads';
import { type Bytes, KiB } from '@maque/kit';
import { readRecords, type VersionRecord, withLearnt } from './baseline.ts';

/** Where an app's past is kept, and which version of it runs now. */
export interface BaselinePlace {
  /** A file of its own, made when it is missing, in a folder that exists. */
  readonly file: string;
  /** Of the app, such as `1.4.2` or a commit: up to 100 characters. */
  readonly version: string;
}

// Ten versions are 3 KiB.
const MAX_BYTES: Bytes = 64 * KiB;

/**
 * The past of an app in a small file that its processes share. Whatever is wrong with the file costs a warning and the
 * past, never the app: nothing throws.
 */
export class BaselineFile {
  readonly #path: string;
  readonly #warn: (reason: string) => void;
  #isWarned = false;
  #isUsable = true;
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string, warn: (reason: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /** What earlier runs have left; empty when there is nothing, or nothing that can be used. */
  read(): readonly VersionRecord[] {
    try {
      const text = readSmallFile(this.#path);
      return text === null ? [] : readRecords(JSON.parse(text));
    } catch (error) {
      // What is no JSON is written anew; what is not ours to read is not ours to write either.
      this.#isUsable = error instanceof SyntaxError;
      this.#warnOnce(messageOf(error));
      return [];
    }
  }

  /**
   * Adds what was learnt to what the file holds by then, whole or not at all: by a file beside it that takes its place.
   * Two processes that save in the same moment lose one of both, which the next save makes good.
   */
  save(learnt: VersionRecord): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write(learnt));
    return this.#saving;
  }

  async #write(learnt: VersionRecord): Promise<void> {
    if (!this.#isUsable) return;
    const versions = withLearnt(this.read(), learnt);
    if (!this.#isUsable) return;
    const draft = `${this.#path}.${process.pid}-${threadId}`;
    try {
      // What an earlier process of this number left, or somebody planted, is not written into.
      await rm(draft, { force: true });
      await writeFile(draft, `${JSON.stringify({ versions }, null, 1)}\n`, { mode: 0o600, flag: 'wx' });
      await rename(draft, this.#path);
    } catch (error) {
      this.#warnOnce(messageOf(error));
      await rm(draft, { force: true }).catch(() => {});
    }
  }

  #warnOnce(reason: string): void {
    if (this.#isWarned) return;
    this.#isWarned = true;
    this.#warn(reason);
  }
}

/** Null when there is no such file. @throws Error when it is large, no file, or another user's. */
function readSmallFile(path: string): string | null {
  const descriptor = openOrNull(path);
  if (descriptor === null) return null;
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) throw new Error('it is not a file');
    if (facts.size > MAX_BYTES) throw new Error(`it has ${facts.size} bytes, more than ${MAX_BYTES}`);
    const user = process.getuid?.();
    if (user !== undefined && facts.uid !== user) throw new Error('it belongs to another user');
    const buffer = Buffer.alloc(facts.size);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, facts.size, 0));
  } finally {
    closeSync(descriptor);
  }
}

function openOrNull(path: string): number | null {
  try {
    // A pipe of that name must not make the app wait for its other end.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
