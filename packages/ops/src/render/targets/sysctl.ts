import { KiB, MiB } from '@maque/kit';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import { because, type ConfigEntry, numbered, writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderTarget } from '../target.ts';
import { chooseSwap } from './swap/swap-choice.ts';
import { meanings } from './sysctl/meanings.ts';

/** After `99-sysctl.conf`, which is a link to /etc/sysctl.conf, and before what the doctor or a person says. */
const PATH = '/etc/sysctl.d/99-zz-maque-plan.conf';
const HUGE_PAGES_PATH = '/etc/tmpfiles.d/maque-huge-pages.conf';
const DIRTY_BACKGROUND = 16 * MiB;
const QUEUE = 4 * KiB;
const SWAPPINESS = 10;
const SWAPPINESS_OF_ZRAM = 100;

/** Settings of the kernel for a small box that serves phones. */
export const sysctl: RenderTarget = {
  name: 'sysctl',
  summary: {
    en: 'Kernel settings: what happens without memory, when swap is used, queues for connections',
    zh: '内核参数：内存耗尽时的行为、交换空间的使用时机、连接队列',
  },
  belongsTo: 'server',
  meanings,
  render(plan, { language }) {
    // Inside a container they are the host's.
    if (plan.request.box.bound !== 'box') return [];
    const content = writeConfig([headOf('sysctl', language), ...kernelLines(plan)], language);
    const settings: RenderedFile = { target: 'sysctl', path: PATH, content, apply: ['sysctl', '-p', PATH] };
    return hasRedis(plan) ? [settings, hugePages(language)] : [settings];
  },
};

function kernelLines(plan: BoxPlan): readonly ConfigEntry[] {
  const swappiness = chooseSwap(plan).kind === 'zram' ? SWAPPINESS_OF_ZRAM : SWAPPINESS;
  const set = (key: keyof typeof meanings, name: string, value: number, formula = '') =>
    numbered(meanings[key], formula, `${name} = ${value}`);
  return [
    set('overcommit_memory', 'vm.overcommit_memory', hasRedis(plan) ? 1 : 0),
    set('swappiness', 'vm.swappiness', swappiness),
    set('panic_on_oom', 'vm.panic_on_oom', 0),
    set('oom_kill_allocating_task', 'vm.oom_kill_allocating_task', 0),
    set('oom_dump_tasks', 'vm.oom_dump_tasks', 1),
    set('dirty_background_bytes', 'vm.dirty_background_bytes', DIRTY_BACKGROUND, '16 MiB'),
    set('dirty_bytes', 'vm.dirty_bytes', 4 * DIRTY_BACKGROUND, '4 × 16 MiB'),
    null,
    set('somaxconn', 'net.core.somaxconn', QUEUE),
    set('tcp_max_syn_backlog', 'net.ipv4.tcp_max_syn_backlog', QUEUE),
    set('tcp_slow_start_after_idle', 'net.ipv4.tcp_slow_start_after_idle', 0),
    set('tcp_keepalive_time', 'net.ipv4.tcp_keepalive_time', 300),
    set('tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_intvl', 30),
    set('tcp_keepalive_probes', 'net.ipv4.tcp_keepalive_probes', 5),
    null,
    set('panic', 'kernel.panic', 10),
  ];
}

/** Check A11 of the doctor: a snapshot copies what changes, and 2 MiB for a byte are many. */
function hugePages(language: Parameters<typeof writeConfig>[1]): RenderedFile {
  const line = 'w /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise';
  const why = {
    en: 'With huge pages for everybody, a snapshot of Redis copies 2 MiB for each byte that changes.',
    zh: '对所有进程启用大页时，Redis 做快照每改动一个字节就要复制 2 MiB。',
  };
  return {
    target: 'sysctl',
    path: HUGE_PAGES_PATH,
    content: writeConfig([headOf('sysctl', language), because(why, line)], language),
    apply: ['systemd-tmpfiles', '--create', HUGE_PAGES_PATH],
  };
}

function hasRedis({ services }: BoxPlan): boolean {
  return services.some(({ kind }) => kind === 'redis');
}
