import { readMemoryInfo } from './facts/memory-info.ts';
import { listProcesses, type ProcessFacts } from './facts/processes.ts';
import type { Host, Reading } from './host/host.ts';
import type { DoctorSample } from './samples.ts';

/**
 * A server under examination: the host, and what several checks want to know of it, found out once. Facts are added here
 * as getters of one line each; how they are read stands in `facts/`.
 */
export class Patient {
  readonly host: Host;
  /** What earlier runs with `--record` kept, oldest first. */
  readonly samples: readonly DoctorSample[];
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(host: Host, samples: readonly DoctorSample[] = []) {
    this.host = host;
    this.samples = samples;
  }

  /** Lines of /proc/meminfo by name, in bytes. */
  memoryInfo(): Promise<Reading<ReadonlyMap<string, number>>> {
    return this.once('memory-info', () => readMemoryInfo(this.host));
  }

  /** Every process that can be seen, with what of it can be read. */
  processes(): Promise<Reading<readonly ProcessFacts[]>> {
    return this.once('processes', () => listProcesses(this.host));
  }

  /** Asks once, however many want to know. */
  once<Fact>(name: string, ask: () => Promise<Fact>): Promise<Fact> {
    const known = this.#known.get(name) as Promise<Fact> | undefined;
    if (known !== undefined) return known;
    const asked = ask();
    this.#known.set(name, asked);
    return asked;
  }
}
