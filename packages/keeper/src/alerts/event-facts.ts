import type { AlertFacts, CrashLoop, Death, Examination, Incident } from '@maque/guard/alert';
import { type Language, MINUTE, type Milliseconds } from '@maque/kit';
import { autopsyNote } from '../autopsy/autopsy-text.ts';
import { cleanText } from '../autopsy/clean-text.ts';
import { readAutopsySummary } from '../autopsy/read-autopsy-summary.ts';
import { describeEvent, type KeeperEvent } from '../keeper-events.ts';
import { describeExit, type ExitCause, type ExitCauseCode } from '../process/exit-cause.ts';
import { looseObject, numberOrNull } from '../status/loose-values.ts';

/** What events of the keeper say to the rules of alerts. */
export type EventFacts = Required<Pick<AlertFacts, 'deaths' | 'incidents' | 'examinations' | 'crashLoop'>> & {
  /** Why memory of the box is short, as of the last word on it; null when it is not. */
  readonly boxNote: string | null;
};

// What the keeper does on purpose, and workers that finished late.
const ASKED_FOR = new Set<ExitCauseCode>(['RECYCLED', 'STOPPED', 'DRAIN_TIMEOUT']);

// From the look at a blocked worker to its kill. What comes later is another hang.
const ONE_HANG_MS: Milliseconds = 2 * MINUTE;

// It ends in a message on a phone.
const TOLD_LENGTH = 300;

/**
 * Reads the keeper's events for the rules of alerts. Remembers only what spans two looks: a loop that goes on, what was
 * said of the box, the last hang that was told.
 */
export class EventFactsReader {
  readonly #language: Language;
  #crashLoop: CrashLoop | null = null;
  #boxNote: string | null = null;
  #hang = { worker: '', atMs: Number.NEGATIVE_INFINITY };
  #overMemory: { readonly worker: string; readonly told: string } | null = null;

  constructor(language: Language) {
    this.#language = language;
  }

  /** @param events those since the last look, oldest first. */
  read(events: readonly KeeperEvent[]): EventFacts {
    const deaths: Death[] = [];
    const incidents: Incident[] = [];
    const examinations: Examination[] = [];
    for (const event of events) {
      this.#follow(event);
      const death = this.#deathIn(event);
      if (death !== null) deaths.push(death);
      const incident = this.#incidentIn(event);
      if (incident !== null) incidents.push(incident);
      const examination = this.#examinationIn(event);
      if (examination !== null) examinations.push(examination);
    }
    return { deaths, incidents, examinations, crashLoop: this.#crashLoop, boxNote: this.#boxNote };
  }

  #follow({ code, data }: KeeperEvent): void {
    const worker = String(data.worker);
    if (code === 'CRASH_LOOP') {
      this.#crashLoop = { process: worker, failures: numberOrNull(data.failures) ?? 0 };
    }
    // The next in its place may have another name.
    if (code === 'WORKER_READY') this.#crashLoop = null;
    if (code === 'BOX_PRESSURE') this.#boxNote = isShort(data.reasons) ? this.#told({ code, data }) : null;
    if (code === 'WORKER_OVER_MEMORY') this.#overMemory = { worker, told: this.#told({ code, data }) };
  }

  #deathIn({ code, data }: KeeperEvent): Death | null {
    const exit = exitOf(code, data);
    if (exit === null || ASKED_FOR.has(exit.cause)) return null;
    return { process: String(data.worker), cause: describeExit(exit, this.#language) };
  }

  #incidentIn(event: KeeperEvent): Incident | null {
    const { code, data } = event;
    const process = String(data.worker ?? '');
    switch (code) {
      case 'WORKER_BLOCKED':
      case 'WORKER_HUNG':
        return this.#isKnownHang(event) ? null : { rule: 'hang', process, cause: this.#told(event) };
      case 'WORKER_EXITED':
        return this.#killIn(event, process);
      case 'KERNEL_KILLED':
        return { rule: 'oom-kill', process, cause: this.#told(event) };
      case 'DEPLOY_FAILED':
      case 'DEPLOY_REFUSED': {
        const version = data.version === undefined ? {} : { version: String(data.version) };
        return { rule: 'deploy', process, cause: this.#told(event) + lastWords(data.told), ...version };
      }
      case 'APP_ATTENTION':
        return { rule: 'attention', process, cause: this.#told(event), matter: String(data.code) };
      default:
        return null;
    }
  }

  #killIn(event: KeeperEvent, process: string): Incident | null {
    switch (exitOf(event.code, event.data)?.cause) {
      case 'OOM_KILLED':
        return { rule: 'oom-kill', process, cause: this.#told(event) };
      case 'OVER_MEMORY': {
        const said = this.#overMemory?.worker === process ? this.#overMemory.told : null;
        return { rule: 'over-memory', process, cause: said ?? this.#told(event) };
      }
      default:
        return null;
    }
  }

  /** A worker that is blocked is looked at, and killed some seconds later: one hang. */
  #isKnownHang({ at, data }: KeeperEvent): boolean {
    const hang = { worker: String(data.worker), atMs: Date.parse(at) };
    const isKnown = hang.worker === this.#hang.worker && Math.abs(hang.atMs - this.#hang.atMs) < ONE_HANG_MS;
    this.#hang = hang;
    return isKnown;
  }

  #examinationIn({ code, data }: KeeperEvent): Examination | null {
    const summary = code === 'WORKER_AUTOPSIED' ? readAutopsySummary(data.summary) : null;
    if (summary === null) return null;
    const { verdict, isConfirmed, pool, bytesPerSecond, liveBytes } = summary;
    return {
      process: String(data.worker),
      leaks: verdict === 'leaking' && isConfirmed,
      pool,
      bytesPerSecond,
      used: liveBytes,
      note: autopsyNote(summary, this.#language),
    };
  }

  #told(event: Pick<KeeperEvent, 'code' | 'data'>): string {
    return describeEvent(event, this.#language).slice(0, 2 * TOLD_LENGTH);
  }
}

function exitOf(code: KeeperEvent['code'], { exit }: KeeperEvent['data']): ExitCause | null {
  const isExit = code === 'WORKER_EXITED' && typeof exit === 'object' && exit !== null && 'cause' in exit;
  return isExit ? (exit as ExitCause) : null;
}

/** What a version that could not start said of it. */
function lastWords(told: unknown): string {
  const { message } = looseObject<{ message: string }>(told);
  return typeof message === 'string' ? ` (${cleanText(message, TOLD_LENGTH)})` : '';
}

function isShort(reasons: unknown): boolean {
  return Array.isArray(reasons) && reasons.length > 0;
}
