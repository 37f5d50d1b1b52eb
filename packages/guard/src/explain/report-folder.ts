import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, KiB } from '@maque/kit';
import type { LeakReport } from './leak-report.ts';
import { type ReportFolderOptions, resolveReportPlace } from './report-place.ts';
import { renderLeakReport } from './report-text.ts';

// A report is 10 to 40 KiB. One that is larger is not written: something is wrong with it.
const MAX_REPORT: Bytes = 512 * KiB;
const NAME = /^leak-\d{8}T\d{6}-\d+\.(?:json|md)$/;

/** Keeps a bounded number of reports on disk, readable for their owner only. */
export class ReportFolder {
  readonly #place: Required<ReportFolderOptions>;

  /** @throws RangeError or TypeError for an option that is wrong. */
  constructor(options: ReportFolderOptions) {
    this.#place = resolveReportPlace(options);
  }

  /**
   * @returns the path of the JSON file.
   * @throws Error when the folder cannot be written, or the report is too large.
   */
  async write(report: LeakReport): Promise<string> {
    const json = `${JSON.stringify(report, null, 2)}\n`;
    if (json.length > MAX_REPORT)
      throw new Error(`a leak report of ${json.length} characters is not written`);
    await mkdir(this.#place.dir, { recursive: true, mode: 0o700 });
    const stamp = report.at.replace(/[-:]|\.\d+Z/g, '');
    const name = `leak-${stamp}-${report.process.pid}`;
    await this.#put(`${name}.md`, renderLeakReport(report, this.#place.language));
    const path = await this.#put(`${name}.json`, json);
    await this.#removeOldest();
    return path;
  }

  /** Whole or not at all, whoever looks in between. */
  async #put(name: string, text: string): Promise<string> {
    const path = join(this.#place.dir, name);
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
    const names = (await readdir(this.#place.dir)).filter((name) => NAME.test(name));
    const reports = [...new Set(names.map((name) => name.replace(/\.(?:json|md)$/, '')))];
    if (reports.length <= this.#place.max) return;
    const dated = await Promise.all(
      reports.map(async (name) => ({ name, atMs: await modifiedAt(join(this.#place.dir, `${name}.json`)) })),
    );
    dated.sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
    for (const { name } of dated.slice(0, dated.length - this.#place.max)) {
      for (const kind of ['json', 'md']) await rm(join(this.#place.dir, `${name}.${kind}`), { force: true });
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
