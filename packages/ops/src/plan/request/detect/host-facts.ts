import type { DatabaseServer } from '../../../doctor/facts/database-servers.ts';
import { type JavaProcess, readJavaProcesses } from '../../../doctor/facts/java-processes.ts';
import type { NodeProcess } from '../../../doctor/facts/node-processes.ts';
import type { ProcessFacts } from '../../../doctor/facts/processes.ts';
import { type PythonServer, readPythonServers } from '../../../doctor/facts/python-servers.ts';
import type { RedisServer } from '../../../doctor/facts/redis-servers.ts';
import type { ServiceFacts } from '../../../doctor/facts/services.ts';
import type { Reading } from '../../../doctor/host/host.ts';
import type { Patient } from '../../../doctor/patient.ts';
import { readListeners } from './listeners.ts';

/** What runs on a box, as far as a plan of it asks. Empty where nothing of the kind runs. */
export interface HostFacts {
  readonly services: readonly ServiceFacts[];
  readonly nodes: readonly NodeProcess[];
  readonly javas: readonly JavaProcess[];
  readonly pythons: readonly PythonServer[];
  readonly databases: readonly DatabaseServer[];
  readonly redises: readonly RedisServer[];
  /** Processes that take connections, as far as that may be seen. */
  readonly listeners: ReadonlySet<number>;
}

/** Looks once at all that runs. */
export async function readHostFacts(patient: Patient): Promise<HostFacts> {
  const { host } = patient;
  const processes = listOf<ProcessFacts>(await patient.processes());
  const group = await patient.cgroupMount();
  const [services, nodes, databases, redises, javas, pythons, sockets] = await Promise.all([
    patient.services(),
    patient.nodeProcesses(),
    patient.databaseServers(),
    patient.redisServers(),
    readJavaProcesses(host, processes, group.kind === 'value' ? group.value : undefined),
    readPythonServers(host, processes),
    patient.listeningSockets(),
  ]);
  const nodeList = listOf(nodes);
  const pids = [...nodeList, ...javas].map(({ process }) => process.pid);
  return {
    services: listOf(services),
    nodes: nodeList,
    javas,
    pythons,
    databases: listOf(databases),
    redises: listOf(redises),
    listeners: await readListeners(host, pids, listOf(sockets)),
  };
}

function listOf<Item>(reading: Reading<readonly Item[]>): readonly Item[] {
  return reading.kind === 'value' ? reading.value : [];
}
