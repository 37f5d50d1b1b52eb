import type { Host, Reading } from '../host/host.ts';

/** A number under `/proc/sys`, by its name for sysctl: `vm.swappiness`. */
export async function readKernelSetting(host: Host, name: string): Promise<Reading<number>> {
  const text = await host.read(kernelSettingPath(name));
  if (text.kind !== 'value') return text;
  const number = Number.parseInt(text.value, 10);
  if (Number.isNaN(number)) return { kind: 'unreadable', reason: 'not a number' };
  return { kind: 'value', value: number };
}

export function kernelSettingPath(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`;
}
