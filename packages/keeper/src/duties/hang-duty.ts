import type { Milliseconds } from '@maque/kit';
import type { EventLog } from '../event-log.ts';
import type { HangReportPlace } from '../hang/write-hang-report.ts';
import type { WorkerProcess } from '../process/worker-process.ts';

/** Finds out where silent workers hang, and tells it. */
export class HangDuty {
  readonly #log: EventLog;
  readonly #reports: HangReportPlace;

  constructor(log: EventLog, reports: HangReportPlace) {
    this.#log = log;
    this.#reports = reports;
  }

  /** Looks, writes a report and tells; what fails on the way is told instead. */
  async examine(worker: WorkerProcess, silentMs: Milliseconds): Promise<void> {
    const { id, pid, plan } = worker;
    const at = new Date().toISOString();
    // What is hardly ever needed is loaded when it is.
    const [{ captureStack }, { describeHang }, { writeHangReport }] = await Promise.all([
      import('../hang/capture-stack.ts'),
      import('../hang/describe-hang.ts'),
      import('../hang/write-hang-report.ts'),
    ]);
    const inspectorUrl = (timeoutMs: Milliseconds) => worker.inspectorUrl(timeoutMs);
    const finding = await captureStack({ pid, inspectorUrl }, { folder: plan.cwd });
    const report = { at, worker: id, pid, script: plan.exec, silentMs, finding };
    // A full disk must not keep anybody from hearing of it.
    const reportFile = await writeHangReport(this.#reports, report).catch(() => null);
    const stack = finding.stack?.frames.slice(0, SHOWN_FRAMES) ?? [];
    this.#log.add('WORKER_BLOCKED', {
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
