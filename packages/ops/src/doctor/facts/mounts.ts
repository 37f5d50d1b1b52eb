import type { Host, Reading } from '../host/host.ts';

/** A file system that keeps data on a disk. */
export interface MountFacts {
  /** `/dev/vda1`, `nas:/share`. */
  readonly device: string;
  readonly folder: string;
  readonly type: string;
}

/** Those that may fill up. Networks' and loops' are left out: asking a dead one waits for ever, images are full by nature. */
const TYPES = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'zfs',
  'jfs',
  'reiserfs',
  'vfat',
  'ntfs3',
  'overlay',
]);
const MOST_MOUNTS = 50;

/** One of each device; a container's own root is an overlay, those of others are not ours to see. */
export async function readMounts(host: Host): Promise<Reading<readonly MountFacts[]>> {
  const text = await host.read('/proc/mounts');
  if (text.kind !== 'value') return text;
  const found = new Map<string, MountFacts>();
  for (const line of text.value.split('\n')) {
    const [device = '', escaped = '', type = '', options = ''] = line.split(' ');
    const folder = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const isImage = device.startsWith('/dev/loop') || options.split(',').includes('ro');
    if (!TYPES.has(type) || isImage || (type === 'overlay' && folder !== '/')) continue;
    const known = found.get(device);
    if (known === undefined || folder.length < known.folder.length)
      found.set(device, { device, folder, type });
  }
  return { kind: 'value', value: [...found.values()].slice(0, MOST_MOUNTS) };
}
