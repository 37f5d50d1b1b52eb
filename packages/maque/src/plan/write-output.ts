import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Bytes, MiB } from '@maque/kit';
import { commandErrors } from '../cli/command-errors.ts';
import { fileOutput } from '../guard/snapshot-output.ts';
import { readSmallFile } from './read-small-file.ts';

/** Pictures of 64 services are a tenth of that. */
const MOST_OF_OURS: Bytes = MiB;

/**
 * Writes a text as a file that is whole or not there.
 * @param isOurs whether a file of this content is one that we wrote, and may be replaced.
 * @throws CodedError OUTPUT_FOREIGN for somebody else's file, OUTPUT_UNWRITABLE
 */
export async function writeOutput(
  cwd: string,
  file: string,
  text: string,
  isOurs: (before: string) => boolean,
): Promise<void> {
  const path = resolve(cwd, file);
  if (existsSync(path) && !isOurs(readText(path))) throw commandErrors.OUTPUT_FOREIGN({ data: { file } });
  const output = await fileOutput(path, true);
  try {
    await output.write(Buffer.from(text));
    await output.finish();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** What cannot be read, is no plain file or is larger than all that we write is not ours. */
function readText(path: string): string {
  try {
    return statSync(path).isFile() ? (readSmallFile(path, MOST_OF_OURS) ?? '') : '';
  } catch {
    return '';
  }
}
