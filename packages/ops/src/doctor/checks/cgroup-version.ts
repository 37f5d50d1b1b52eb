import type { Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

const FIRST: Text = {
  en: 'control groups are of version 1: MemoryHigh= and systemd-oomd do nothing, only MemoryMax= (MemoryLimit= before systemd 231) counts',
  zh: '控制组为 v1：MemoryHigh= 和 systemd-oomd 不起作用，只有 MemoryMax=（systemd 231 之前为 MemoryLimit=）有效',
};
const NO_MEMORY: Text = {
  en: 'the kernel accounts no memory to control groups: no limit of a unit or container holds',
  zh: '内核没有为控制组统计内存：服务和容器的内存上限都不起作用',
};

export const cgroupVersion: Check = {
  id: 'B1',
  name: 'cgroup-version',
  group: 'units',
  title: { en: 'Version of the control groups', zh: '控制组（cgroup）版本' },
  why: {
    en: 'On version 1 (CentOS 7, Ubuntu 20.04) a plan that counts on MemoryHigh= has no brake before the kill, and systemd says nothing about it.',
    zh: '在 v1（CentOS 7、Ubuntu 20.04）上，依赖 MemoryHigh= 的方案在被杀之前没有任何缓冲，而 systemd 不会提示。',
  },
  explanation: {
    en: 'The kernel holds services to their memory by control groups, of which there are two versions. The second can slow a service down before it kills it, and tells how long it waited for memory.',
    zh: '内核用控制组来限制每个服务的内存，有两个版本。v2 可以在杀进程之前先限速，还能统计等待内存的时间。',
  },
  async look(patient) {
    const mount = await patient.cgroupMount();
    if (mount.kind === 'unreadable') return [cannotRead('/proc/mounts', mount)];
    const isInside = await patient.isInsideContainer();
    if (isInside) return NOT_APPLICABLE;
    if (mount.kind === 'value' && mount.value.version === 2)
      return [{ kind: 'ok', evidence: `cgroup2 at ${mount.value.root}` }];
    const line = mount.kind === 'value' ? 'systemd.unified_cgroup_hierarchy=1' : 'cgroup_enable=memory';
    return [
      {
        kind: 'finding',
        severity: 'warning',
        text: mount.kind === 'value' ? FIRST : NO_MEMORY,
        data: {},
        evidence:
          mount.kind === 'value' ? `cgroup (memory) at ${mount.value.root}` : 'no memory in /proc/mounts',
        fix: [
          {
            where: {
              en: 'add to GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub (CentOS: grub2-mkconfig -o /boot/grub2/grub.cfg) and reboot; systemd before 226 (CentOS 7) cannot: plan without MemoryHigh',
              zh: '加入 /etc/default/grub 的 GRUB_CMDLINE_LINUX，执行 update-grub（CentOS：grub2-mkconfig -o /boot/grub2/grub.cfg）并重启；systemd 226 之前（CentOS 7）不支持，规划时不要用 MemoryHigh',
            },
            lines: [line],
          },
        ],
      },
    ];
  },
};
