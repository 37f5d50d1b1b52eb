import { type CgroupMount, readCgroupMount } from './facts/cgroup-version.ts';
import { type ContainerFacts, readContainers } from './facts/containers.ts';
import { isInsideContainer } from './facts/inside-container.ts';
import { readMemoryInfo } from './facts/memory-info.ts';
import { type MemoryRoom, readMemoryRoom } from './facts/memory-room.ts';
import { type KillHistory, readKillHistory } from './facts/oom-kills.ts';
import { listProcesses, type ProcessFacts } from './facts/processes.ts';
import { listServices, type ServiceFacts } from './facts/services.ts';
import { readSwaps, type SwapSpace } from './facts/swap.ts';
import { readUnits, type UnitFacts } from './facts/units.ts';
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

  /** Processes by unit, container or program, largest first. */
  services(): Promise<Reading<readonly ServiceFacts[]>> {
    return this.once('services', async () => {
      const processes = await this.processes();
      return processes.kind === 'value' ? { kind: 'value', value: listServices(processes.value) } : processes;
    });
  }

  /** Memory that everything here shares: the machine's, or the container's. */
  memoryRoom(): Promise<Reading<MemoryRoom>> {
    return this.once('memory-room', async () =>
      readMemoryRoom(this.host, await this.memoryInfo(), await this.cgroupMount()),
    );
  }

  swaps(): Promise<Reading<readonly SwapSpace[]>> {
    return this.once('swaps', () => readSwaps(this.host));
  }

  cgroupMount(): Promise<Reading<CgroupMount>> {
    return this.once('cgroup-mount', () => readCgroupMount(this.host));
  }

  /** Services and slices; absent where systemd does not run. */
  units(): Promise<Reading<readonly UnitFacts[]>> {
    return this.once('units', () => readUnits(this.host));
  }

  containers(): Promise<Reading<readonly ContainerFacts[]>> {
    return this.once('containers', () => readContainers(this.host));
  }

  killHistory(): Promise<KillHistory> {
    return this.once('kill-history', () => readKillHistory(this.host));
  }

  isInsideContainer(): Promise<boolean> {
    return this.once('inside-container', () => isInsideContainer(this.host));
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
