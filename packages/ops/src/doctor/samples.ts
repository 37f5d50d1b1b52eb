import type { Bytes } from '@maque/kit';

/** What one run of the doctor keeps for the next ones, so that growth over days is seen. */
export interface DoctorSample {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly memoryAvailableBytes: Bytes;
  /** Resident memory of each service (a unit, or a program's name where it has none), its processes together. */
  readonly services: Readonly<Record<string, Bytes>>;
  /** Of log files and folders that are watched, their sizes. */
  readonly logs: Readonly<Record<string, Bytes>>;
}
