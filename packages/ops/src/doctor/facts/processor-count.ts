import type { Host, Reading } from '../host/host.ts';

/** Processors that are on, from `/proc/stat`. */
export async function readProcessorCount(host: Host): Promise<Reading<number>> {
  const text = await host.read('/proc/stat');
  if (text.kind !== 'value') return text;
  const count = text.value.match(/^cpu\d+ /gm)?.length ?? 0;
  return count === 0
    ? { kind: 'unreadable', reason: 'no line of a processor' }
    : { kind: 'value', value: count };
}
