import { type Bytes, MiB } from '@maque/kit';
import type { Patient } from './patient.ts';
import type { DoctorSample } from './samples.ts';

/** The largest; the others grow into them before they matter. Kept small, so that samples of two weeks fit into 2 MiB. */
const MOST_SERVICES = 20;
const MOST_LOGS = 20;
/** Smaller ones are no trouble yet. */
const LEAST_LOG: Bytes = MiB;

/** What a run keeps for the next ones. */
export async function takeSample(patient: Patient): Promise<DoctorSample> {
  const [memory, services, logs] = await Promise.all([
    patient.memoryInfo(),
    patient.services(),
    patient.logFiles(),
  ]);
  const running = services.kind === 'value' ? services.value : [];
  return {
    atMs: patient.host.nowMs,
    memoryAvailableBytes: memory.kind === 'value' ? (memory.value.get('MemAvailable') ?? 0) : 0,
    services: largest(
      running.map(({ name, memoryBytes }) => [name, memoryBytes]),
      MOST_SERVICES,
    ),
    logs: largest(
      logs.files.filter(({ bytes }) => bytes >= LEAST_LOG).map(({ path, bytes }) => [path, bytes]),
      MOST_LOGS,
    ),
  };
}

function largest(
  sizes: readonly (readonly [name: string, bytes: Bytes])[],
  most: number,
): Readonly<Record<string, Bytes>> {
  return Object.fromEntries(sizes.toSorted(([, one], [, other]) => other - one).slice(0, most));
}
