import { type Milliseconds, SECOND } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';

/** How long the machine has been running, from `/proc/uptime`. */
export async function readUptime(host: Host): Promise<Reading<Milliseconds>> {
  const text = await host.read('/proc/uptime');
  if (text.kind !== 'value') return text;
  const seconds = Number.parseFloat(text.value);
  if (Number.isNaN(seconds)) return { kind: 'unreadable', reason: 'not a number' };
  return { kind: 'value', value: seconds * SECOND };
}
