import { type Bytes, type Clock, KiB, type Milliseconds, systemClock } from '@maque/kit';
import { Collector } from '../collect-garbage.ts';
import type { PoolVerdict } from '../detect/verdict.ts';
import type { Confirmation } from '../leak-watch/confirmation.ts';
import type { OwnHeap } from '../own-heap.ts';
import type { RequestMeter } from '../requests/request-meter.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import { scheduleUnreferenced } from '../sample/schedule.ts';
import type { Explainer, ExplainOptions } from './explainer.ts';
import type { LeakReport } from './leak-report.ts';
import type { ReportFolder } from './report-folder.ts';
import { type ReportFolderOptions, resolveReportPlace } from './report-place.ts';

/** A report that nobody asked for: a leak was suspected. */
export interface SuspicionReport {
  readonly report: LeakReport;
  /** What it names, a line each, in the language that reports are kept in. */
  readonly headlines: readonly string[];
  /** The JSON file; beside it lies the same as Markdown. Null where reports are not kept, or could not be written. */
  readonly file: string | null;
}

/** What explaining needs of the guard. */
export interface ExplainingOptions {
  readonly meter: RequestMeter;
  readonly memory: () => MemorySample;
  readonly own: OwnHeap;
  readonly verdicts: () => readonly PoolVerdict[];
  /** Where reports on suspected leaks are kept; null keeps none. */
  readonly reports: ReportFolderOptions | null;
  /** Called with each report that was made because a leak was suspected. */
  readonly onReport: (made: SuspicionReport) => void;
  readonly onCost: (ms: Milliseconds) => void;
  readonly clock?: Clock;
}

// Modules, their text and what V8 makes of both: 0.75 MiB when they are loaded, 0.9 to 1.4 when the first report is made.
const CODE: Bytes = 896 * KiB;

/** Explains leaks. What does it is loaded when it is needed first, since most processes never leak. */
export class Explaining {
  readonly #options: ExplainingOptions;
  #loading: Promise<Explainer> | null = null;
  #stopped = false;

  /** @throws TypeError or RangeError for a folder of reports that is wrong. */
  constructor(options: ExplainingOptions) {
    if (options.reports !== null) resolveReportPlace(options.reports);
    this.#options = options;
  }

  /** Takes a forecast that is bad, and may be wrong; see {@link Explainer.prepare}. */
  prepare(verdict: PoolVerdict): void {
    this.#explainer()
      .then((explainer) => explainer.prepare(verdict))
      .catch(warn);
  }

  /** Takes the detector's news; see {@link Explainer.suspicion}. */
  suspicion(level: 'suspected' | 'leaking' | 'recovered', verdict: PoolVerdict): void {
    if (level === 'recovered' && this.#loading === null) return;
    this.#explainer()
      .then((explainer) => explainer.suspicion(level, verdict))
      .catch(warn);
  }

  /** See {@link Explainer.explain}. */
  async explain(options?: ExplainOptions): Promise<LeakReport> {
    const explainer = await this.#explainer();
    return await explainer.explain(options);
  }

  /** See {@link Explainer.explainNow}. */
  async explainNow(confirmed: Confirmation | null): Promise<LeakReport> {
    const explainer = await this.#explainer();
    return await explainer.explainNow(confirmed);
  }

  stop(): void {
    this.#stopped = true;
    this.#loading?.then((explainer) => explainer.stop()).catch(warn);
  }

  #explainer(): Promise<Explainer> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<Explainer> {
    const [{ Explainer }, { ReportFolder }, { reportHeadlines }] = await Promise.all([
      import('./explainer.ts'),
      import('./report-folder.ts'),
      import('./report-text.ts'),
    ]);
    const { meter, memory, own, verdicts, reports, onReport, onCost, clock = systemClock } = this.#options;
    own.keep(CODE);
    const folder = reports === null ? null : new ReportFolder(reports);
    const collector = new Collector();
    const explainer = new Explainer({
      collect: () => collect(collector),
      clock,
      schedule: scheduleUnreferenced,
      memory,
      own,
      verdicts,
      declaredRoutes: () => (meter.named ? meter.routes().map(({ route }) => route) : []),
      onReport: async (report) => {
        const headlines = reportHeadlines(report, reports?.language ?? 'en');
        onReport({ report, headlines, file: await write(folder, report) });
      },
      onCost,
    });
    if (this.#stopped) explainer.stop();
    return explainer;
  }
}

/** Null when V8's flags are frozen. */
function collect(collector: Collector): Milliseconds | null {
  try {
    return collector.major();
  } catch {
    return null;
  }
}

async function write(folder: ReportFolder | null, report: LeakReport): Promise<string | null> {
  try {
    return (await folder?.write(report)) ?? null;
  } catch (error) {
    warn(error);
    return null;
  }
}

function warn(error: unknown): void {
  process.emitWarning(`The guard could not keep or make a leak report: ${error}`, {
    code: 'MAQUE_GUARD_REPORT',
  });
}
