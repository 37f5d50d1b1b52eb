import { type Clock, inBothLanguages, type Milliseconds, SECOND, type Text } from '@maque/kit';
import type { BoxDecision, Evacuation, WorkerVerdict } from '../box/box-decision.ts';
import { describeBoxReason, describeVerdict } from '../box/box-text.ts';
import type { BoxView, WatchedWorker } from '../box/box-view.ts';
import { type BoxNews, BoxWatch, type OomKillCause } from '../box/box-watch.ts';
import { createProcFiles } from '../box/proc-files.ts';
import type { EventLog } from '../event-log.ts';
import type { PolicyEvent } from '../policy/model.ts';
import type { KeeperMessage, PressureLevel } from '../protocol/messages.ts';

type PressureMessage = Extract<KeeperMessage, { type: 'pressure' }>;

export interface BoxDutyOptions {
  readonly clock: Clock;
  readonly log: EventLog;
  /** Whether there is room for one worker more, by the plan. */
  readonly spareFits: boolean;
  /** How long a drain may take. */
  readonly drainTimeoutMs: Milliseconds;
  /** Tells the policy what the box demands. */
  readonly onDemand: (demand: Extract<PolicyEvent, { type: 'box' }>) => void;
  /** Tells the policy whose connections are to go to the others at once. */
  readonly onEvacuate: (evacuation: Evacuation) => void;
  /** Tells all workers how the box is. */
  readonly onPressure: (pressure: PressureMessage) => void;
}

// A worker is there again after about one; what an app loads may take longer.
const START_MS: Milliseconds = 2 * SECOND;

/** Watches the box for the policy and for the workers, and tells what it sees. */
export class BoxDuty {
  readonly #options: BoxDutyOptions;
  readonly #watch: BoxWatch;
  #level: PressureLevel = 'none';
  #spareFits: boolean;
  #pressure: PressureMessage = { type: 'pressure', level: 'none', reasons: [] };

  constructor(options: BoxDutyOptions) {
    this.#options = options;
    this.#spareFits = options.spareFits;
    const recycleMs = options.drainTimeoutMs + START_MS;
    this.#watch = new BoxWatch(createProcFiles(), options.clock, { recycleMs });
  }

  get view(): BoxView | null {
    return this.#watch.view;
  }

  get level(): PressureLevel {
    return this.#level;
  }

  /** Whether it is to be called often. */
  get isBrisk(): boolean {
    return this.#level !== 'none' || this.#watch.isBrisk;
  }

  /** What a worker that has just come must know; undefined while all is well. */
  get pressure(): PressureMessage | undefined {
    return this.#level === 'none' ? undefined : this.#pressure;
  }

  /** To be called at every tick. */
  look(workers: readonly WatchedWorker[]): void {
    this.#heed(this.#watch.look(workers));
  }

  /** To be called when a worker says that its heap fills: at 50 MB/s half a second is a quarter of the heap. */
  lookNow(workers: readonly WatchedWorker[]): void {
    this.#heed(this.#watch.lookNow(workers));
  }

  /** See {@link BoxWatch.explainKill}. */
  explainKill(id: string): OomKillCause | null {
    return this.#watch.explainKill(id);
  }

  close(): void {
    this.#watch.close();
  }

  #heed(news: BoxNews): void {
    const { log, onDemand, onEvacuate } = this.#options;
    if (news.level !== this.#level) this.#levelChanged(news);
    const { recycle, kill, evacuate, oomKills } = news;
    // What nobody can measure is as planned.
    const spareFits = this.#watch.view?.usedBytes == null ? this.#options.spareFits : news.spareFits;
    if (oomKills !== null) log.add('KERNEL_KILLED', { ...oomKills });
    if (recycle !== null) this.#tell(recycle, DEEDS.recycle);
    if (kill !== null) this.#tell(kill, DEEDS.kill);
    // First, for starting a successor takes up to 30 ms of a busy machine.
    if (evacuate !== null) onEvacuate(evacuate);
    if (recycle !== null || kill !== null || spareFits !== this.#spareFits) {
      this.#spareFits = spareFits;
      onDemand({ type: 'box', spareFits, recycle: recycle?.worker ?? null, kill: kill?.worker ?? null });
    }
  }

  #levelChanged({ level, reasons }: BoxDecision): void {
    const { log, onPressure } = this.#options;
    this.#level = level;
    this.#pressure = { type: 'pressure', level, reasons: reasons.map(({ code }) => code) };
    const said = inBothLanguages((language) =>
      reasons.map((reason) => describeBoxReason(reason, language)).join('; '),
    );
    log.add('BOX_PRESSURE', { level: LEVELS[level], why: said, reasons });
    onPressure(this.#pressure);
  }

  #tell(verdict: WorkerVerdict, deed: Text): void {
    const why = inBothLanguages((language) => describeVerdict(verdict, language));
    this.#options.log.add('WORKER_OVER_MEMORY', { ...verdict, why, deed });
  }
}

const LEVELS = {
  none: { en: 'enough again', zh: '已恢复充足' },
  elevated: { en: 'getting short', zh: '趋于紧张' },
  critical: { en: 'all but gone', zh: '即将耗尽' },
} as const satisfies Record<PressureLevel, Text>;

const DEEDS = {
  recycle: { en: 'it is replaced', zh: '将其替换' },
  kill: { en: 'it is killed', zh: '将其杀死' },
} as const satisfies Record<string, Text>;
