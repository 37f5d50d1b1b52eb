import type { WorkerStatus } from '@maque/guard';
import type { PressureLevel, SnapshotAnswer } from './protocol/messages.ts';

export interface DrainNotice {
  readonly reason: string;
  /** How long everything may take from now on, ms. */
  readonly deadlineMs: number;
  /** Resolves when the last answer is out and its connection gone, or no time is left, and what was to be examined is. */
  readonly settled: Promise<void>;
}

/** How the box is, as the keeper sees it. */
export interface PressureNotice {
  readonly level: PressureLevel;
  /** What is short, in plain words. */
  readonly reasons: readonly string[];
}

/** Examines this process; null when there is nothing to tell. Plain JSON, of 16 KB at most. */
export type Examine = () => Promise<object | null>;

/** Takes a heap snapshot into a folder, or says why not. */
export type TakeSnapshot = (folder: string) => Promise<SnapshotAnswer>;

/** A worker's end of the line to its keeper. */
export interface WorkerLink {
  readonly managed: boolean;
  /** `w1`, `w2` …, never two living workers with one name; `w0` without a keeper. */
  readonly workerId: string;
  /** It listens and can serve. `info` goes into the keeper's event. */
  ready(info?: Readonly<Record<string, unknown>>): void;
  /** Starting is hopeless, and why: told in one readable block. The process should then exit. */
  failed(failure: { readonly code: string; readonly message: string }): void;
  /** An operator has to see to something, though this worker serves on: an event, and an alert where one is set up. */
  attention(matter: { readonly code: string; readonly message: string }): void;
  /** The heartbeat, every second. After the first one the keeper takes a long silence for a hang. */
  report(status: WorkerStatus): void;
  /** Tells every other worker, at most once. @throws RangeError when the payload is over 64 KiB of JSON. */
  publish(channel: string, payload: unknown): void;
  /** Listens until the returned function is called. */
  subscribe(channel: string, listener: (payload: unknown) => void): () => void;
  /** Called when the worker has to go. It exits when its traffic has settled and every listener's promise too. */
  onDrain(listener: (drain: DrainNotice) => void | Promise<void>): void;
  /** Called for the worker's metrics (Prometheus text) when the keeper is scraped. */
  onMetrics(render: () => string): void;
  /** Called when the keeper wants to know what is wrong with this worker: after its last answer, before it exits. */
  onAutopsy(examine: Examine): void;
  /** Called when the keeper says how the box is: shed load, put off what can wait. */
  onPressure(listener: (pressure: PressureNotice) => void): void;
  /** Called when somebody asks the keeper for a heap snapshot of this worker. */
  onSnapshot(take: TakeSnapshot): void;
}
