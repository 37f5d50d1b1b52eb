import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { pm2HomeOf } from '../facts/pm2-apps.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

const MORE_THAN_CORES: Text = {
  en: '{name}: {count} processes on {cores} cores',
  zh: '{name}：{cores} 核上跑了 {count} 个进程',
};
const NONE_FOR_DATABASE: Text = {
  en: '{name}: {count} processes on {cores} cores, and the database shares the box',
  zh: '{name}：{cores} 核上跑了 {count} 个进程，数据库也在同一台机器',
};

export const pm2Instances: Check = {
  id: 'C6',
  name: 'pm2-instances',
  group: 'node',
  title: { en: 'PM2: number of processes', zh: 'PM2 进程数' },
  why: {
    en: 'Each worker costs 75 to 110 MiB before its heap. More of them than cores serve nobody faster, and beside a database one core has to be left to it.',
    zh: '每个 worker 不算堆就要 75–110 MiB。进程数超过核数不会更快；数据库在同一台机器时，要给它留一个核。',
  },
  explanation: {
    en: '`instances: "max"` starts one process for each core. That suits a machine that does nothing else. On a small box one less than there are cores, and at least one, is more.',
    zh: '`instances: "max"` 会按核数启动进程，只适合专用机器。小机器上用“核数减一、至少一个”更合适。',
  },
  async look(patient) {
    const [processes, dumps, cores] = await Promise.all([
      patient.nodeProcesses(),
      patient.pm2Dumps(),
      patient.processorCount(),
    ]);
    if (processes.kind === 'absent') return NOT_APPLICABLE;
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const live = processes.value.flatMap(({ pm2 }) => pm2 ?? []);
    const runs = live.length > 0 || processes.value.some(({ process }) => pm2HomeOf(process) !== null);
    if (!runs) return NOT_APPLICABLE;
    if (live.length === 0 && dumps.kind !== 'value') return [cannotRead('dump.pm2', dumps)];
    if (cores.kind !== 'value') return [cannotRead('/proc/stat', cores)];
    const known = live.length > 0 || dumps.kind !== 'value' ? live : dumps.value;
    const database = await hasDatabase(patient);
    const apps = Map.groupBy(known, ({ app }) => app);
    return [...apps].map(([name, members]) => judge(name, members.length, cores.value, database));
  },
};

function judge(name: string, count: number, cores: number, database: boolean): Outcome {
  const evidence = `${name}: ${count} processes, ${cores} cores${database ? ', a database' : ''}`;
  const most = Math.max(1, cores - 1);
  if (count <= (database ? most : cores)) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'warning',
    text: count > cores ? MORE_THAN_CORES : NONE_FOR_DATABASE,
    data: { name, count, cores },
    evidence,
    fix: [
      {
        where: {
          en: `ecosystem.config.js, at the app ${name}; then: pm2 delete ${name} && pm2 start ecosystem.config.js && pm2 save`,
          zh: `ecosystem.config.js 中的应用 ${name}；然后执行：pm2 delete ${name} && pm2 start ecosystem.config.js && pm2 save`,
        },
        lines: [`instances: ${most},`],
      },
    ],
  };
}

async function hasDatabase(patient: Patient): Promise<boolean> {
  const services = await patient.services();
  return services.kind === 'value' && services.value.some(({ programs }) => programs.has('database'));
}
