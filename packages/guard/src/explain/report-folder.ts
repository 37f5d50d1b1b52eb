import type { LeakReport } from './leak-report.ts';
import { ReportFiles } from './report-files.ts';
import { type ReportFolderOptions, resolveReportPlace } from './report-place.ts';
import { renderLeakReport } from './report-text.ts';

/** Keeps a bounded number of leak reports on disk. */
export class ReportFolder {
  readonly #place: Required<ReportFolderOptions>;
  readonly #files: ReportFiles;

  /** @throws RangeError or TypeError for an option that is wrong. */
  constructor(options: ReportFolderOptions) {
    this.#place = resolveReportPlace(options);
    this.#files = new ReportFiles(this.#place.dir, 'leak', this.#place.max);
  }

  /**
   * @returns the path of the JSON file.
   * @throws Error when the folder cannot be written, or the report is too large.
   */
  async write(report: LeakReport): Promise<string> {
    const markdown = renderLeakReport(report, this.#place.language);
    return await this.#files.write({ at: report.at, pid: report.process.pid, data: report, markdown });
  }
}
