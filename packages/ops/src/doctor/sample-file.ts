import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Bytes, MiB } from '@maque/kit';
import type { DoctorSample } from './samples.ts';

// One an hour for twelve weeks; one in ten minutes for two weeks.
const MAX_SAMPLES = 2_000;
/** Of 500 B to 4 KiB each; the newest are kept. */
const MAX_BYTES: Bytes = 2 * MiB;

/** What earlier runs kept, oldest first: a line of JSON each. Lines that are none, of a full disk say, are passed over. */
export async function readSamples(file: string): Promise<readonly DoctorSample[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => sampleOf(line) ?? []);
}

/** Adds one, and lets go of the oldest that are too many. The file is whole at any moment. */
export async function recordSample(
  file: string,
  sample: DoctorSample,
  { maxSamples = MAX_SAMPLES, maxBytes = MAX_BYTES }: { maxSamples?: number; maxBytes?: Bytes } = {},
): Promise<void> {
  const lines = [...(await readSamples(file)), sample].slice(-maxSamples).map((each) => JSON.stringify(each));
  let bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  while (bytes > maxBytes) bytes -= Buffer.byteLength(lines.shift() ?? '') + 1;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, lines.map((line) => `${line}\n`).join(''), { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

function sampleOf(line: string): DoctorSample | undefined {
  try {
    const sample = JSON.parse(line) as Partial<DoctorSample> | null;
    const { atMs, memoryAvailableBytes, services, logs } = sample ?? {};
    const isSample =
      typeof atMs === 'number' &&
      typeof memoryAvailableBytes === 'number' &&
      areSizes(services) &&
      areSizes(logs);
    return isSample ? { atMs, memoryAvailableBytes, services, logs } : undefined;
  } catch {
    return undefined;
  }
}

function areSizes(value: unknown): value is Readonly<Record<string, Bytes>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((size) => typeof size === 'number')
  );
}
