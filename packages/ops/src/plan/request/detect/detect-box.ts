import type { Bytes } from '@maque/kit';
import { readMounts } from '../../../doctor/facts/mounts.ts';
import type { Patient } from '../../../doctor/patient.ts';
import type { BoxRequest } from '../../box/box-request.ts';

/** Root's reserve aside, a disk that is full to the last byte serves nobody. */
const ROOT = '/';

/** Disk and swap as they are; memory and cores are known to whoever runs here. */
export async function detectBox(patient: Patient): Promise<Pick<BoxRequest, 'diskBytes' | 'swapBytes'>> {
  const [diskBytes, swaps] = await Promise.all([freeDisk(patient), patient.swaps()]);
  const swapBytes =
    swaps.kind === 'value' ? swaps.value.reduce((sum, { totalBytes }) => sum + totalBytes, 0) : undefined;
  return {
    ...(diskBytes === undefined ? {} : { diskBytes }),
    ...(swapBytes === undefined ? {} : { swapBytes }),
  };
}

/** Of the mount with the most room, where data go that need it. */
async function freeDisk({ host }: Patient): Promise<Bytes | undefined> {
  const mounts = await readMounts(host);
  const folders = mounts.kind === 'value' ? mounts.value.map(({ folder }) => folder) : [];
  const spaces = await Promise.all([...new Set([ROOT, ...folders])].map((folder) => host.space(folder)));
  const free = spaces.flatMap((space) => (space.kind === 'value' ? [space.value.freeBytes] : []));
  return free.length === 0 ? undefined : Math.max(...free);
}
