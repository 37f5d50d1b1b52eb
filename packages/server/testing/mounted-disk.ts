import { spawnSync } from 'node:child_process';
import type { Bytes } from '@maque/kit';

/** A disk of its own at an existing folder, of so many bytes; undefined where the tests may mount none. */
export function mountDisk(folder: string, bytes: Bytes): Disposable | undefined {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'maque-test', folder]);
  if (status !== 0) return undefined;
  return { [Symbol.dispose]: () => void spawnSync('umount', [folder]) };
}
