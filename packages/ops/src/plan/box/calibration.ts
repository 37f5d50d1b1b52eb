import type { Bytes } from '@maque/kit';

/** What was measured on the live box or by a load test. Each value replaces the one that the plan came with. */
export interface Calibration {
  /** ISO 8601, UTC. */
  readonly measuredAt: string;
  /** CPU time of all processes of the app for one request of its usual mix, in microseconds. */
  readonly cpuMicrosPerRequest?: number | undefined;
  /** The same for nginx in front of it. */
  readonly proxyCpuMicrosPerRequest?: number | undefined;
  /** The same for the database, all of its queries for one request together. */
  readonly databaseCpuMicrosPerRequest?: number | undefined;
  /** The same for Redis. */
  readonly redisCpuMicrosPerRequest?: number | undefined;
  /** Mean size of an answer on the wire, with its headers. */
  readonly answerBytes?: Bytes | undefined;
  /** Memory of the operating system and all that is not in the plan. */
  readonly osBytes?: Bytes | undefined;
  /** Greatest PSS seen of each service, by its name. */
  readonly peakBytes?: Readonly<Record<string, Bytes>> | undefined;
}

/** The greatest PSS that was seen of a service on the box. */
export function measuredPeak(calibration: Calibration | undefined, service: string): Bytes | undefined {
  const peaks = calibration?.peakBytes ?? {};
  return Object.hasOwn(peaks, service) ? peaks[service] : undefined;
}
