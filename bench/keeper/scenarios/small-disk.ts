import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, KiB, MiB } from '@maque/kit';

const SIZE: Bytes = 24 * MiB;

/** A disk of its own for what a supervisor writes, small enough to be filled. */
export class SmallDisk {
  readonly #folder: string;

  /** @throws Error where this user may not mount. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'maque-bench', folder], { stdio: 'pipe' });
  }

  fill(): void {
    // In ever smaller pieces, until not one more goes in.
    for (const size of [MiB, 4 * KiB]) {
      for (let piece = 0; this.#write(`${size}-${piece}`, size); piece += 1);
    }
  }

  free(): void {
    rmSync(join(this.#folder, 'filling'), { recursive: true, force: true });
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.#folder], { stdio: 'pipe' });
  }

  #write(name: string, size: Bytes): boolean {
    try {
      mkdirSync(join(this.#folder, 'filling'), { recursive: true });
      writeFileSync(join(this.#folder, 'filling', name), Buffer.alloc(size, 1));
      return true;
    } catch {
      return false;
    }
  }
}
