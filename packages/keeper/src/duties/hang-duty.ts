import type { Language, Milliseconds } from '@maque/kit';
import type { EventLog } from '../event-log.ts';
import type { WorkerProcess } from '../process/worker-process.ts';

export interface HangDutyOptions {
  readonly log: EventLog;
  /** Of the app: paths are shown relative to it. */
  readonly folder: string;
  readonly script: string;
  /** Where reports are kept, in which language. */
  readonly reports: { readonly dir: string; readonly language: Language };
}

/** Finds out where silent workers hang, and tells it. */
export class HangDuty {
  readonly #options: HangDutyOptions;

  constructor(options: HangDutyOptions) {
    this.#options = options;
  }

  /** Looks, writes a report and tells; what fails on the way is told instead. */
  async examine(worker: WorkerProcess, silentMs: Milliseconds): Promise<void> {
    const { log, folder, script, reports } = this.#options;
    const { id, pid } = worker;
    const at = new Date().toISOString();
    // What is hardly ever needed is loaded when it is.
    const [{ captureStack }, { describeHang }, { writeHangReport }] = await Promise.all([
      import('../hang/capture-stack.ts'),
      import('../hang/describe-hang.ts'),
      import('../hang/write-hang-report.ts'),
    ]);
    const inspectorUrl = (timeoutMs: Milliseconds) => worker.inspectorUrl(timeoutMs);
    const finding = await captureStack({ pid, inspectorUrl }, { folder });
    const report = { at, worker: id, pid, script, silentMs, finding };
    // A full disk must not keep anybody from hearing of it.
    const reportFile = await writeHangReport(reports, report).catch(() => null);
    const stack = finding.stack?.frames.slice(0, SHOWN_FRAMES) ?? [];
    log.add('WORKER_BLOCKED', {
      worker: id,
      pid,
      silentMs,
      place: describeHang(finding, silentMs),
      stack,
      reportFile,
    });
  }
}

// With an event; the report has all of them.
const SHOWN_FRAMES = 8;
