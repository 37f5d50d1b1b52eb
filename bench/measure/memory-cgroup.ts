import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '@maque/kit';

const ROOT = '/sys/fs/cgroup';

/** What the two versions of the kernel's interface call the same things. */
interface Dialect {
  readonly parent: string;
  readonly limitFile: string;
  readonly peakFile: string;
  readonly oomFile: string;
  /** In memory.stat: what the group holds without the page cache. */
  readonly anonymousName: string;
}

const V1: Dialect = {
  parent: join(ROOT, 'memory'),
  limitFile: 'memory.limit_in_bytes',
  peakFile: 'memory.max_usage_in_bytes',
  oomFile: 'memory.oom_control',
  anonymousName: 'total_rss',
};
const V2: Dialect = {
  parent: ROOT,
  limitFile: 'memory.max',
  peakFile: 'memory.peak',
  oomFile: 'memory.events',
  anonymousName: 'anon',
};

/** A memory cgroup (v1 or v2) with a hard limit; swap is not limited, machines for this benchmark have none. */
export class MemoryCgroup {
  readonly version: 1 | 2;
  readonly #dialect: Dialect;
  readonly #folder: string;

  /**
   * @param within the group of which it is a part; its own limit then holds beside that of the whole
   * @throws Error saying what is needed when this user may not make cgroups here.
   */
  constructor(limit: Bytes, within?: { readonly group: MemoryCgroup; readonly name: string }) {
    this.version = readOr('', join(ROOT, 'cgroup.controllers')).split(/\s/).includes('memory') ? 2 : 1;
    this.#dialect = this.version === 2 ? V2 : V1;
    this.#folder =
      within === undefined
        ? join(this.#dialect.parent, `maque-bench-${process.pid}-${Date.now()}`)
        : join(within.group.#forParts(), within.name);
    if (this.version === 1 && !existsSync(V1.parent))
      throw new Error(`no memory cgroup is mounted below ${ROOT}`);
    try {
      mkdirSync(this.#folder);
      writeFileSync(join(this.#folder, this.#dialect.limitFile), String(limit));
    } catch (error) {
      throw new Error(`cannot make a memory cgroup in ${this.#dialect.parent}: run this part as root`, {
        cause: error,
      });
    }
  }

  /** A command that enters the group and then becomes the command that follows it. */
  get launcher(): readonly string[] {
    return ['/bin/sh', '-c', 'echo $$ > "$0" && exec "$@"', join(this.#folder, 'cgroup.procs')];
  }

  /** The processes of the group, without those of its parts. */
  readPids(): readonly number[] {
    return readFileSync(join(this.#folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  }

  /** The most that was ever charged to the group, page cache included. */
  readPeak(): Bytes {
    return Number(readFileSync(join(this.#folder, this.#dialect.peakFile), 'utf8'));
  }

  /** What the processes of the group hold now, without the page cache. */
  readAnonymous(): Bytes {
    const { anonymousName } = this.#dialect;
    return numberIn(readFileSync(join(this.#folder, 'memory.stat'), 'utf8'), anonymousName);
  }

  /** How often the kernel killed a process of the group for want of memory. */
  readOomKills(): number {
    return numberIn(readFileSync(join(this.#folder, this.#dialect.oomFile), 'utf8'), 'oom_kill');
  }

  /** @throws Error while processes are in the group. */
  remove(): void {
    rmdirSync(this.#folder);
  }

  /** A group of version 2 says by itself what its parts count. */
  #forParts(): string {
    if (this.version === 2) writeFileSync(join(this.#folder, 'cgroup.subtree_control'), '+memory');
    return this.#folder;
  }
}

/** One of the lines `name number` that the files of the interface consist of. */
function numberIn(text: string, name: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`the memory cgroup has no counter ${name}`);
  return Number(line.slice(name.length + 1));
}

function readOr(otherwise: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
