import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { commandErrors } from '../cli/command-errors.ts';
import { systemReason } from '../cli/system-reason.ts';

/** Where a redacted snapshot goes. Nobody sees it before it is whole. */
export interface SnapshotOutput {
  /** The bytes may change as soon as the promise is fulfilled. */
  write(bytes: Uint8Array): Promise<void>;
  /** All is written. */
  finish(): Promise<void>;
  /** Something failed: what is written is no snapshot. */
  discard(): Promise<void>;
}

/**
 * A file that comes to be when it is whole, readable by its owner alone. The one that it replaces may be its own source.
 * @throws CodedError OUTPUT_EXISTS unless it may be replaced, OUTPUT_UNWRITABLE
 */
export async function fileOutput(path: string, mayReplace: boolean): Promise<SnapshotOutput> {
  if (!mayReplace && existsSync(path)) throw commandErrors.OUTPUT_EXISTS({ data: { file: path } });
  const partial = `${path}.${process.pid}.partial`;
  const told = <Result>(work: Promise<Result>) =>
    work.catch((error: unknown) => Promise.reject(unwritable(path, error)));
  const file = await told(open(partial, 'wx', 0o600));
  return {
    write: (bytes) => told(file.appendFile(bytes)),
    finish: () =>
      told(
        file
          .sync()
          .then(() => file.close())
          .then(() => rename(partial, path)),
      ),
    async discard() {
      await file.close().catch(() => {});
      await rm(partial, { force: true });
    },
  };
}

/** Standard output. A reader that goes away is told by the error `EPIPE`. */
export function standardOutput(stream: NodeJS.WriteStream): SnapshotOutput {
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    async finish() {
      if (stream.writableNeedDrain) await once(stream, 'drain');
    },
    discard: () => Promise.resolve(),
  };
}

function unwritable(file: string, error: unknown): unknown {
  if (!isOfSystem(error)) return error;
  return commandErrors.OUTPUT_UNWRITABLE({ data: { file, reason: systemReason(error) } });
}

function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number';
}
