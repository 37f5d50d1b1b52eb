import type { Bytes, Milliseconds } from '@maque/kit';

/**
 * What came of looking: a value, nothing there, or something that may be there and cannot be read. `unreadable` is never
 * taken for `absent`: a check that could not look says so.
 */
export type Reading<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes: Bytes;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  readonly uid: number;
  readonly inode: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface RunOptions {
  /** 5 s unless told. */
  readonly timeoutMs?: Milliseconds;
  readonly input?: string;
}

/** What is left of a mount. */
export interface DiskSpace {
  readonly totalBytes: Bytes;
  readonly freeBytes: Bytes;
  readonly totalInodes: number;
  readonly freeInodes: number;
}

/** A server as the doctor sees it: files, commands, processes. Everything is bounded: texts to 1 MiB, lists to 10,000. */
export interface Host {
  /** Milliseconds since the epoch, by its own clock. */
  readonly nowMs: number;
  /** Text of a file, its first 1 MiB. */
  read(path: string): Promise<Reading<string>>;
  /** Names in a folder. */
  list(path: string): Promise<Reading<readonly string[]>>;
  /** Where a symbolic link points. */
  follow(path: string): Promise<Reading<string>>;
  stat(path: string): Promise<Reading<FileFacts>>;
  space(path: string): Promise<Reading<DiskSpace>>;
  /** Runs a program without a shell; `absent` where there is none of that name. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Reading<CommandOutput>>;
  /** Waits, for what can only be told from two looks. */
  wait(ms: Milliseconds): Promise<void>;
}
