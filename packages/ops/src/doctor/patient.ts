import { type AppFolders, readAppFolders } from './facts/app-folders.ts';
import { type AppSource, readAppSources } from './facts/app-sources.ts';
import { type CgroupMount, readCgroupMount } from './facts/cgroup-version.ts';
import { type ContainerFacts, readContainers } from './facts/containers.ts';
import { type DatabaseServer, readDatabaseServers } from './facts/database-servers.ts';
import { isInsideContainer } from './facts/inside-container.ts';
import { type JavaProcess, readJavaProcesses } from './facts/java-processes.ts';
import { type ListeningSocket, readListeningSockets } from './facts/listening-sockets.ts';
import { findLogFiles, type LogFiles } from './facts/log-files.ts';
import { type LogRotation, readLogRotations } from './facts/log-rotation.ts';
import { readMemoryInfo } from './facts/memory-info.ts';
import { type MemoryRoom, readMemoryRoom } from './facts/memory-room.ts';
import { type NginxFacts, readNginx } from './facts/nginx.ts';
import { groupNodeApps, type NodeGroup } from './facts/node-groups.ts';
import { type NodeProcess, readNodeProcesses } from './facts/node-processes.ts';
import { type KillHistory, readKillHistory } from './facts/oom-kills.ts';
import { type OpenFiles, readOpenFiles } from './facts/open-files.ts';
import { type Pm2Process, readPm2Dumps } from './facts/pm2-apps.ts';
import { listProcesses, type ProcessFacts } from './facts/processes.ts';
import { readProcessorCount } from './facts/processor-count.ts';
import { type RedisServer, readRedisServers } from './facts/redis-servers.ts';
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

  /** Folders in which apps run. */
  appFolders(): Promise<AppFolders> {
    return this.once('app-folders', async () => {
      const processes = await this.processes();
      return readAppFolders(this.host, processes.kind === 'value' ? processes.value : []);
    });
  }

  openFiles(): Promise<OpenFiles> {
    return this.once('open-files', async () => {
      const processes = await this.processes();
      return readOpenFiles(this.host, processes.kind === 'value' ? processes.value : []);
    });
  }

  /** Logs of the system, of panels, of PM2 and of apps. */
  logFiles(): Promise<LogFiles> {
    return this.once('log-files', async () => {
      const [apps, open] = await Promise.all([this.appFolders(), this.openFiles()]);
      return findLogFiles(this.host, apps.folders, open.files);
    });
  }

  logRotations(): Promise<readonly LogRotation[]> {
    return this.once('log-rotations', () => readLogRotations(this.host));
  }

  listeningSockets(): Promise<Reading<readonly ListeningSocket[]>> {
    return this.once('listening-sockets', () => readListeningSockets(this.host));
  }

  /** Absent where none runs. */
  nginx(): Promise<Reading<readonly NginxFacts[]>> {
    return this.once('nginx', async () => readNginx(this.host, await this.processes()));
  }

  isInsideContainer(): Promise<boolean> {
    return this.once('inside-container', () => isInsideContainer(this.host));
  }

  processorCount(): Promise<Reading<number>> {
    return this.once('processor-count', () => readProcessorCount(this.host));
  }

  /** Processes as PM2 will start them after the next boot. */
  pm2Dumps(): Promise<Reading<readonly Pm2Process[]>> {
    return this.once('pm2-dumps', async () => {
      const processes = await this.processes();
      return readPm2Dumps(this.host, processes.kind === 'value' ? processes.value : []);
    });
  }

  /** Absent where no Node runs. */
  nodeProcesses(): Promise<Reading<readonly NodeProcess[]>> {
    return this.once('node-processes', async () => {
      const [services, dumps] = await Promise.all([this.services(), this.pm2Dumps()]);
      if (services.kind !== 'value') return services;
      return readNodeProcesses(this.host, services.value, dumps.kind === 'value' ? dumps.value : []);
    });
  }

  /** Node apps by the memory limit that they share. */
  nodeGroups(): Promise<Reading<readonly NodeGroup[]>> {
    return this.once('node-groups', async () => {
      const [processes, room, mount] = await Promise.all([
        this.nodeProcesses(),
        this.memoryRoom(),
        this.cgroupMount(),
      ]);
      if (processes.kind !== 'value') return processes;
      if (room.kind !== 'value') return room;
      const groups = mount.kind === 'value' ? mount.value : undefined;
      const value = await groupNodeApps(this.host, groups, room.value, processes.value);
      return value.length === 0 ? { kind: 'absent' } : { kind: 'value', value };
    });
  }

  /** Code of Node apps, as far as a look goes. */
  appSources(): Promise<Reading<ReadonlyMap<NodeProcess, readonly AppSource[]>>> {
    return this.once('app-sources', async () => {
      const processes = await this.nodeProcesses();
      return processes.kind === 'value' ? readAppSources(this.host, processes.value) : processes;
    });
  }

  /** Absent where no Java runs. */
  javaProcesses(): Promise<Reading<readonly JavaProcess[]>> {
    return this.once('java-processes', async () => {
      const [processes, mount] = await Promise.all([this.processes(), this.cgroupMount()]);
      if (processes.kind !== 'value') return processes;
      const groups = mount.kind === 'value' ? mount.value : undefined;
      const value = await readJavaProcesses(this.host, processes.value, groups);
      return value.length === 0 ? { kind: 'absent' } : { kind: 'value', value };
    });
  }

  /** Absent where no MariaDB or MySQL runs. */
  databaseServers(): Promise<Reading<readonly DatabaseServer[]>> {
    return this.once('database-servers', async () => {
      const services = await this.services();
      return services.kind === 'value' ? readDatabaseServers(this.host, services.value) : services;
    });
  }

  /** Absent where no Redis runs. */
  redisServers(): Promise<Reading<readonly RedisServer[]>> {
    return this.once('redis-servers', async () => {
      const services = await this.services();
      return services.kind === 'value' ? readRedisServers(this.host, services.value) : services;
    });
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
