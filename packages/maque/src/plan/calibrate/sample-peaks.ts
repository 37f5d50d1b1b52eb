import { type Bytes, type Milliseconds, SECOND } from '@maque/kit';
import type { CalibrationPlace } from './calibration-place.ts';
import { readUsage } from './process-usage.ts';

const SAMPLE_MS: Milliseconds = SECOND;

/** The greatest memory of each service until the time is over, by its name. What may not be read is left out. */
export async function samplePeaks(
  { host, detected, clock }: CalibrationPlace,
  durationMs: Milliseconds,
): Promise<Readonly<Record<string, Bytes>>> {
  const peaks = new Map<string, Bytes>();
  const endMs = clock.monotonic() + durationMs;
  for (;;) {
    for (const { service, pids } of detected) {
      const { pssBytes } = await readUsage(host, pids);
      if (pssBytes === null || pssBytes === 0) continue;
      peaks.set(service.name, Math.max(pssBytes, peaks.get(service.name) ?? 0));
    }
    const leftMs = endMs - clock.monotonic();
    if (leftMs <= 0) return Object.fromEntries(peaks);
    await host.wait(Math.min(SAMPLE_MS, leftMs));
  }
}
