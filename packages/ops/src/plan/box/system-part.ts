import { operatingSystem, operatingSystemBytes } from '../components/operating-system.ts';
import { inMiB } from '../in-mebibytes.ts';
import type { PlanRequest } from './box-request.ts';
import { fixedPart, fromMiB, type Part } from './part.ts';

const ERROR_MB = 60;

/** What is not a service of the plan: as measured on the box, or as assumed; nothing inside a cgroup. */
export function systemPart({ box, calibration }: PlanRequest): Part | undefined {
  const measured = calibration?.osBytes;
  if (measured !== undefined) {
    return fixedPart({
      ...operatingSystem(),
      bytes: measured,
      formula: inMiB(measured),
      errorBytes: 0,
      source: { en: 'measured on this box', zh: '在本机实测' },
    });
  }
  const assumed = operatingSystemBytes(box);
  return assumed === 0 ? undefined : { ...operatingSystem(), errorBytes: fromMiB(ERROR_MB) };
}
