import type { Bytes } from '@maque/kit';
import { listServices } from './facts/services.ts';
import type { Patient } from './patient.ts';
import type { DoctorSample } from './samples.ts';

/** The largest; the others grow into them before they matter. */
const MOST_SERVICES = 40;
const MOST_NAME = 100;

/** What a run keeps for the next ones. */
export async function takeSample(patient: Patient): Promise<DoctorSample> {
  const [memory, processes] = await Promise.all([patient.memoryInfo(), patient.processes()]);
  const services = processes.kind === 'value' ? listServices(processes.value) : [];
  const sizes: [string, Bytes][] = services
    .slice(0, MOST_SERVICES)
    .map(({ name, memoryBytes }) => [name.slice(0, MOST_NAME), memoryBytes]);
  return {
    atMs: patient.host.nowMs,
    memoryAvailableBytes: memory.kind === 'value' ? (memory.value.get('MemAvailable') ?? 0) : 0,
    services: Object.fromEntries(sizes),
    logs: {},
  };
}
