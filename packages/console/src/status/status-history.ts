import type { SystemStatus } from '@maque/contract';
import { ProcessHistory } from './process-history.ts';
import { trafficOf } from './traffic.ts';

/** Seconds that the charts show. */
export const windowSeconds = 15 * 60;

/** A small box runs a handful of processes; the bound only keeps a server gone mad from filling the tab. */
const maxProcesses = 64;

/** What the last 15 minutes looked like, for as long as this page watched. */
export class StatusHistory {
  readonly #capacity: number;
  readonly #processes = new Map<string, ProcessHistory>();
  #total: ProcessHistory;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param intervalSeconds seconds between two samples. */
  constructor(intervalSeconds: number) {
    this.#capacity = Math.ceil(windowSeconds / intervalSeconds) + 1;
    this.#total = new ProcessHistory(this.#capacity);
  }

  /** The whole server: memory used and requests of all processes. */
  get total(): ProcessHistory {
    return this.#total;
  }

  of(processId: string): ProcessHistory | undefined {
    return this.#processes.get(processId);
  }

  record(status: SystemStatus): void {
    const at = Date.parse(status.at) / 1_000;
    if (Number.isNaN(at) || at === this.#lastAt) return;
    // The server's clock was set back: what was seen before has no place on the time axis any more.
    if (at < this.#lastAt) this.clear();
    this.#lastAt = at;
    this.#total.push({
      at,
      memory: status.used,
      heapUsed: Number.NaN,
      heapFloor: Number.NaN,
      requestsPerSecond: trafficOf(status).requestsPerSecond ?? Number.NaN,
    });
    const present = new Set<string>();
    for (const process of status.processes.slice(0, maxProcesses)) {
      present.add(process.id);
      const history = this.#processes.get(process.id) ?? new ProcessHistory(this.#capacity);
      this.#processes.set(process.id, history);
      history.record(at, process);
    }
    for (const id of this.#processes.keys()) if (!present.has(id)) this.#processes.delete(id);
  }

  clear(): void {
    this.#processes.clear();
    this.#total = new ProcessHistory(this.#capacity);
  }
}
