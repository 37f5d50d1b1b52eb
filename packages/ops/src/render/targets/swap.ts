import { MiB } from '@maque/kit';
import { because, type ConfigEntry, numbered, writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderOptions, RenderTarget } from '../target.ts';
import { meanings } from './swap/meanings.ts';
import { chooseSwap, type SwapChoice } from './swap/swap-choice.ts';

const FOLDER = '/etc/systemd/system';
const FILE = '/swapfile';
const RELOAD = ['systemctl', 'daemon-reload'] as const;
const PRIORITY = 100;
const START_SECONDS = 600;

/** A swap file, or compressed memory where the disk has no room; nothing where there is swap. */
export const swap: RenderTarget = {
  name: 'swap',
  summary: {
    en: 'A swap file of the right size, or zram where the disk is too small',
    zh: '大小合适的交换文件；磁盘太小时用 zram',
  },
  belongsTo: 'server',
  meanings,
  render(plan, options) {
    const choice = chooseSwap(plan);
    if (choice.kind === 'file') return swapFile(choice, options);
    if (choice.kind === 'zram') return zram(choice, options);
    return [];
  },
};

/** The unit's name is the path of the file, as systemd wants it. */
function swapFile(
  { bytes, formula }: Extract<SwapChoice, { kind: 'file' }>,
  options: RenderOptions,
): readonly RenderedFile[] {
  const draft = `${FILE}.new`;
  return [
    unit('maque-swapfile.service', options, [
      '[Unit]',
      'Description=Make the swap file',
      'DefaultDependencies=no',
      `ConditionPathExists=!${FILE}`,
      'RequiresMountsFor=/',
      // Not after local-fs.target: a /tmp in memory is part of it and comes after swap, so one of them would be left out.
      'After=systemd-remount-fs.service',
      'Before=swapfile.swap umount.target',
      'Conflicts=umount.target',
      '',
      '[Service]',
      'Type=oneshot',
      'UMask=0077',
      numbered(meanings.startTimeout, '', `TimeoutStartSec=${START_SECONDS}`),
      because(
        {
          en: 'Under another name until it is whole. On btrfs a swap file must not be copied on write; elsewhere chattr fails, and is not needed.',
          zh: '写完之前用另一个名字。btrfs 上的交换文件不能写时复制；其他文件系统上 chattr 会失败，也不需要。',
        },
        `ExecStart=/usr/bin/truncate --size=0 ${draft}`,
        `ExecStart=-/usr/bin/chattr +C ${draft}`,
      ),
      numbered(
        meanings.fileSize,
        formula,
        `ExecStart=/bin/dd if=/dev/zero of=${draft} bs=1M count=${bytes / MiB} conv=fsync status=none`,
      ),
      `ExecStart=/bin/chmod 600 ${draft}`,
      `ExecStart=/sbin/mkswap ${draft}`,
      `ExecStart=/bin/mv --no-target-directory ${draft} ${FILE}`,
    ]),
    {
      ...unit('swapfile.swap', options, [
        '[Unit]',
        'Description=Swap file',
        'Requires=maque-swapfile.service',
        'After=maque-swapfile.service',
        '',
        '[Swap]',
        `What=${FILE}`,
        '',
        '[Install]',
        'WantedBy=swap.target',
      ]),
      next: ['systemctl enable --now swapfile.swap'],
    },
  ];
}

function zram(
  { bytes, formula }: Extract<SwapChoice, { kind: 'zram' }>,
  options: RenderOptions,
): readonly RenderedFile[] {
  return [
    {
      ...unit('maque-zram.service', options, [
        '[Unit]',
        'Description=Swap in compressed memory',
        'DefaultDependencies=no',
        'After=systemd-modules-load.service',
        'Before=swap.target shutdown.target',
        'Conflicts=shutdown.target',
        '',
        '[Service]',
        'Type=oneshot',
        'RemainAfterExit=yes',
        'ExecStart=/sbin/modprobe zram num_devices=1',
        numbered(meanings.zramSize, formula, `ExecStart=/sbin/zramctl --size ${bytes} /dev/zram0`),
        'ExecStart=/sbin/mkswap /dev/zram0',
        numbered(meanings.priority, '', `ExecStart=/sbin/swapon --priority ${PRIORITY} /dev/zram0`),
        'ExecStop=/sbin/swapoff /dev/zram0',
        'ExecStop=/sbin/zramctl --reset /dev/zram0',
        '',
        '[Install]',
        'WantedBy=swap.target',
      ]),
      next: ['systemctl enable --now maque-zram.service'],
    },
  ];
}

function unit(name: string, { language }: RenderOptions, lines: readonly ConfigEntry[]): RenderedFile {
  const content = writeConfig([headOf('swap', language), ...lines], language);
  return { target: 'swap', path: `${FOLDER}/${name}`, content, apply: RELOAD };
}
