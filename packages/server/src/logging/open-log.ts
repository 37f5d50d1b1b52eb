import { join } from 'node:path';
import { LineBuffer, type LineTarget, RotatingFile, standardOutput } from '@maque/keeper/log-file';
import type { Bytes } from '@maque/kit';

/** The settings of the log, and the folder of its files. */
export interface LogDestination {
  readonly logDestination: 'file' | 'stdout' | 'none';
  readonly folder: string;
  readonly logFileSize: Bytes;
  readonly logFiles: number;
}

const nowhere: LineTarget = { write: (_text, done) => done(null), writeSync() {}, close() {} };

/**
 * Opens where this worker's log lines go. Each worker has a file of its own, `<worker>.log`; the keeper uses its
 * workers' names again, so the number of files is bounded too.
 */
export function openLog(destination: LogDestination, workerId: string): LineBuffer {
  return new LineBuffer(targetOf(destination, workerId));
}

function targetOf(destination: LogDestination, workerId: string): LineTarget {
  if (destination.logDestination === 'none') return nowhere;
  if (destination.logDestination === 'stdout') return standardOutput;
  return new RotatingFile({
    path: join(destination.folder, `${workerId}.log`),
    maxBytes: destination.logFileSize,
    maxFiles: destination.logFiles,
  }).open();
}
