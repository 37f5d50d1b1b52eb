import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchFolder } from '../../stacks/paths.ts';

const SOURCE = fileURLToPath(new URL('../app', import.meta.url));

/** A copy of the service that can be deployed anew. */
export class ServiceFolder {
  readonly path: string;

  constructor(parent: string) {
    this.path = join(parent, 'service');
    cpSync(SOURCE, this.path, { recursive: true });
    // Found from the copy as from the original.
    symlinkSync(join(benchFolder, 'node_modules'), join(this.path, 'node_modules'));
    writeFileSync(join(this.path, 'package.json'), '{ "type": "module" }\n');
    this.release('1');
  }

  get script(): string {
    return join(this.path, 'server.js');
  }

  /** Puts another release in place; workers that start from now on answer with it. */
  release(name: string): void {
    writeFileSync(join(this.path, 'release.txt'), name);
  }
}
