import { readdirSync } from 'node:fs';
import { createFileReader, type FileReader } from '@maque/guard/box';

/** Reads /proc and the folders of control groups. What cannot be read is null, or empty; never an error. */
export interface ProcFiles extends FileReader {
  /** The names of the folders in a folder. */
  folders(path: string): readonly string[];
}

// Those of the box, of up to eight levels of control groups, and one for each of up to 64 workers and their successors.
const MAX_DESCRIPTORS = 96;

export function createProcFiles(): ProcFiles {
  return {
    ...createFileReader(MAX_DESCRIPTORS),
    folders(path) {
      try {
        const entries = readdirSync(path, { withFileTypes: true });
        return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      } catch {
        return [];
      }
    },
  };
}
