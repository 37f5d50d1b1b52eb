import { type Bytes, formatBytes, GiB, parseBytes, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { readJournalSettings } from '../facts/journal-settings.ts';
import type { Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Of a disk of 40 GB a fortieth, for what nobody reads after a week. */
const LARGE: Bytes = GiB;

const TOO_LARGE: Text = {
  en: 'the journal takes {size} of the disk',
  zh: '系统日志（journal）占用磁盘 {size}',
};
const UNBOUNDED: Text = {
  en: 'the journal has no limit of its own: it takes up to 10 % of the disk, at most 4 GiB',
  zh: '系统日志（journal）未单独设上限：最多占磁盘的 10%，封顶 4 GiB',
};

const PATH = '/etc/systemd/journald.conf.d/99-zz-maque.conf';
// In /run it is memory; that counts against everybody's.
const LINES = ['[Journal]', 'SystemMaxUse=200M', 'SystemMaxFileSize=20M', 'RuntimeMaxUse=32M'];
const MEND = {
  fix: [
    {
      where: {
        en: `${PATH}, then: systemctl restart systemd-journald`,
        zh: `写入 ${PATH}，然后执行：systemctl restart systemd-journald`,
      },
      lines: LINES,
    },
  ],
  repair: {
    path: PATH,
    rewrite: () => `${LINES.join('\n')}\n`,
    apply: ['systemctl', 'restart', 'systemd-journald'] as const,
  },
};

export const journalSize: Check = {
  id: 'G2',
  name: 'journal-size',
  group: 'disk',
  title: { en: 'Size of the journal', zh: '系统日志（journald）大小' },
  why: {
    en: 'journald keeps up to 10 % of the disk and at most 4 GiB unless told; where it has no disk it keeps them in memory. More than 1 GiB is warned of.',
    zh: 'journald 默认最多占磁盘 10%、封顶 4 GiB；没有落盘目录时则占内存。超过 1 GiB 警告。',
  },
  explanation: {
    en: 'The journal of systemd collects what services and the kernel print. Old entries go when the limit is reached, so a limit loses nothing that is new: 200 MB are weeks on a small server.',
    zh: 'systemd 的 journal 收集各服务和内核的输出。达到上限时删除最旧的内容，所以设上限不会丢失新日志：小机器上 200 MB 够存好几周。',
  },
  async look({ host }) {
    const settings = await readJournalSettings(host);
    if (settings.kind === 'absent') return NOT_APPLICABLE;
    if (settings.kind === 'unreadable') return [cannotRead('journald.conf', settings)];
    const limit = settings.value.get('SystemMaxUse') ?? '';
    const size = await journalBytes(host);
    const evidence = `SystemMaxUse=${limit}, ${size === undefined ? 'size not known' : formatBytes(size)}`;
    const found = (
      severity: 'warning' | 'info',
      text: Text,
      data: Readonly<Record<string, string>>,
    ): Outcome => ({
      kind: 'finding',
      severity,
      text,
      data,
      evidence,
      ...MEND,
    });
    if (size !== undefined && size > LARGE) return [found('warning', TOO_LARGE, { size: formatBytes(size) })];
    if (limit === '') return [found('info', UNBOUNDED, {})];
    return [{ kind: 'ok', evidence }];
  },
};

/** `Archived and active journals take up 1.2G in the file system.`; on CentOS 7 `… on disk.` */
async function journalBytes(host: Host): Promise<Bytes | undefined> {
  const output = await host.run('journalctl', ['--disk-usage']);
  if (output.kind !== 'value') return undefined;
  const size = /take up ([\d.]+[BKMGT]?)/.exec(output.value.stdout)?.[1];
  return size === undefined ? undefined : parseBytes(size.replace(/\.$/, ''));
}
