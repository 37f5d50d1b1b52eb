import { DAY, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { NodeProcess } from '../facts/node-processes.ts';
import { nameNode } from '../facts/node-processes.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Last days of the release lines, from the schedule of nodejs/Release. All before the first one listed are over. */
const ENDS: ReadonlyMap<number, string> = new Map([
  [14, '2023-04-30'],
  [15, '2021-06-01'],
  [16, '2023-09-11'],
  [17, '2022-06-01'],
  [18, '2025-04-30'],
  [19, '2023-06-01'],
  [20, '2026-04-30'],
  [21, '2024-06-01'],
  [22, '2027-04-30'],
  [23, '2025-06-01'],
  [24, '2028-04-30'],
  [25, '2026-06-01'],
  [26, '2029-04-30'],
]);
const FIRST_LISTED = 14;
/** Time enough to try the next line. */
const SOON_DAYS = 60;

const OVER: Text = {
  en: '{name} runs Node {version}, which gets no security fixes since {end}',
  zh: '{name} 使用 Node {version}，自 {end} 起不再有安全更新',
};
const SOON: Text = {
  en: '{name} runs Node {version}, which gets security fixes until {end} only',
  zh: '{name} 使用 Node {version}，安全更新只到 {end}',
};
const UNKNOWN_VERSION: Text = {
  en: '{name}: which Node it runs cannot be told; run the doctor as root',
  zh: '{name}：无法得知其 Node 版本；请以 root 运行',
};

export const nodeRelease: Check = {
  id: 'C7',
  name: 'node-release',
  group: 'node',
  title: { en: 'Node release that is looked after', zh: 'Node 版本是否仍在维护' },
  why: {
    en: 'A release line that has ended gets no security fixes, and its heap defaults are not those that the plan counts with.',
    zh: '停止维护的版本没有安全更新，其堆默认值也与规划所用的不同。',
  },
  explanation: {
    en: 'Node releases with even numbers are looked after for three years. After that holes that become known stay open. Images of cloud panels often bring an old one.',
    zh: '偶数版 Node 维护三年左右，之后发现的漏洞不再修补。云面板自带的往往是旧版本。',
  },
  async look(patient) {
    const found = await patient.nodeProcesses();
    if (found.kind === 'absent') return NOT_APPLICABLE;
    if (found.kind !== 'value') return [cannotRead('/proc', found)];
    const apps = found.value.filter(({ role }) => role === 'app');
    const different = new Map(apps.map((app) => [`${nameNode(app)} ${JSON.stringify(app.version)}`, app]));
    if (different.size === 0) return NOT_APPLICABLE;
    return [...different.values()].map((app) => judge(app, patient.host.nowMs));
  },
};

function judge(app: NodeProcess, nowMs: number): Outcome {
  const name = nameNode(app);
  if (app.version.kind !== 'value') return { kind: 'unknown', reason: UNKNOWN_VERSION, data: { name } };
  const { text: version, major } = app.version.value;
  const end = ENDS.get(major) ?? (major < FIRST_LISTED ? '2022-04-30' : undefined);
  const evidence = `${name}: Node ${version}${end === undefined ? '' : `, until ${end}`}`;
  // A line that is newer than this list was looked after when it came out.
  const leftMs = end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end) + DAY - nowMs;
  if (leftMs > SOON_DAYS * DAY) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: leftMs <= 0 ? 'warning' : 'info',
    text: leftMs <= 0 ? OVER : SOON,
    data: { name, version, end: end ?? '' },
    evidence,
    fix: [
      {
        where: {
          en: 'by nvm, or a package; then try the app on it before the unit changes over',
          zh: '用 nvm 或软件包安装；先在新版本上试运行，再切换服务',
        },
        lines: ['nvm install 24'],
      },
    ],
  };
}
