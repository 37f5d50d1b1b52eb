import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, KiB } from '@maque/kit';

// A report is 10 to 40 KiB. One that is larger is not written: something is wrong with it.
const MAX_REPORT: Bytes = 512 * KiB;

/** What is written of one report. */
export interface ReportText {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly pid: number;
  /** The report as data. */
  readonly data: object;
  readonly markdown: string;
}

/** Keeps the newest reports of one kind in a folder, readable for their owner only. */
export class ReportFiles {
  readonly #dir: string;
  readonly #kind: string;
  readonly #max: number;

  /**
   * @param kind the first word of their names, such as `leak`: small letters.
   * @param max reports kept, each as `.json` and `.md`; the oldest go.
   */
  constructor(dir: string, kind: string, max: number) {
    this.#dir = dir;
    this.#kind = kind;
    this.#max = max;
  }

  /**
   * @returns the path of the JSON file.
   * @throws Error when the folder cannot be written, or the report is too large.
   */
  async write({ at, pid, data, markdown }: ReportText): Promise<string> {
    const json = `${JSON.stringify(data, null, 2)}\n`;
    if (json.length > MAX_REPORT) {
      throw new Error(`a ${this.#kind} report of ${json.length} characters is not written`);
    }
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const name = `${this.#kind}-${at.replace(/[-:]|\.\d+Z/g, '')}-${pid}`;
    await this.#put(`${name}.md`, markdown);
    const path = await this.#put(`${name}.json`, json);
    await this.#removeOldest();
    return path;
  }

  /** Whole or not at all, whoever looks in between. */
  async #put(name: string, text: string): Promise<string> {
    const path = join(this.#dir, name);
    const draft = `${path}.draft`;
    try {
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    return path;
  }

  async #removeOldest(): Promise<void> {
    const pattern = new RegExp(`^${this.#kind}-\\d{8}T\\d{6}-\\d+\\.(?:json|md)$`);
    const names = (await readdir(this.#dir)).filter((name) => pattern.test(name));
    const reports = [...new Set(names.map((name) => name.replace(/\.(?:json|md)$/, '')))];
    if (reports.length <= this.#max) return;
    const dated = await Promise.all(
      reports.map(async (name) => ({ name, atMs: await modifiedAt(join(this.#dir, `${name}.json`)) })),
    );
    dated.sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
    for (const { name } of dated.slice(0, dated.length - this.#max)) {
      for (const kind of ['json', 'md']) await rm(join(this.#dir, `${name}.${kind}`), { force: true });
    }
  }
}

async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}
