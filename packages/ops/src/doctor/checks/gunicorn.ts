import { formatBytes, type Text } from '@maque/kit';
import type { FixLine, Severity } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { flagValue, hasFlag } from '../facts/launch-flags.ts';
import { pathsLike } from '../facts/paths-like.ts';
import { type PythonServer, readPythonServers } from '../facts/python-servers.ts';
import { memoryOf, unitOf } from '../facts/services.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

/** Advised in tutorials; Gunicorn never had it, and ends with "unrecognized arguments". */
const INVENTED = '--worker-memory-limit';
const UNIT_FILES = [
  '/etc/systemd/system/*.service',
  '/etc/supervisor/conf.d/*.conf',
  '/etc/supervisord.d/*.ini',
];

const DOES_NOT_EXIST: Text = {
  en: '{path} starts Gunicorn with --worker-memory-limit, which does not exist: it does not start',
  zh: '{path} 用 --worker-memory-limit 启动 Gunicorn，但该参数不存在：服务无法启动',
};
const IGNORED: Text = {
  en: "{name}'s configuration sets worker_memory_limit, which does not exist and is ignored without a word",
  zh: '{name} 的配置写了 worker_memory_limit，该设置不存在，会被悄悄忽略',
};
const TOO_MANY: Text = {
  en: '{name} has {workers} workers for {cores} processors, {memory} together',
  zh: '{name} 有 {workers} 个 worker，而处理器只有 {cores} 个，共占 {memory}',
};
const FOR_EVER: Text = {
  en: '{name} never renews its workers (no --max-requests): what they leak stays',
  zh: '{name} 从不更换 worker（未设 --max-requests）：泄漏的内存不会释放',
};

export const gunicorn: Check = {
  id: 'H1',
  name: 'gunicorn',
  group: 'neighbours',
  title: { en: 'Workers of Gunicorn', zh: 'Gunicorn 的工作进程' },
  why: {
    en: 'Each worker costs 20 MiB and all that the app imports; more than 2 × processors + 1 (its own rule) only wait for each other. Renewing them after 1000 requests ends slow leaks.',
    zh: '每个 worker 至少 20 MiB，外加应用导入的全部内容；超过 2 × 处理器数 + 1（官方公式）只会互相等待。每 1000 个请求更换一次可止住缓慢泄漏。',
  },
  explanation: {
    en: 'Gunicorn starts several copies of a Python app. A limit of memory is not its business: that is what MemoryMax of its systemd unit is for.',
    zh: 'Gunicorn 会启动 Python 应用的多个副本。内存上限不归它管，应写在 systemd 单元的 MemoryMax。',
  },
  async look(patient) {
    const processes = await patient.processes();
    if (processes.kind === 'unreadable') return [cannotRead('/proc', processes)];
    const servers = await readPythonServers(patient.host, processes.kind === 'value' ? processes.value : []);
    const running = servers.filter(({ kind }) => kind === 'gunicorn');
    const invented = await inventedFlags(patient);
    const cores = await patient.processorCount();
    const outcomes = running.flatMap((server) =>
      ofServer(server, cores.kind === 'value' ? cores.value : undefined),
    );
    return invented.length + outcomes.length === 0 ? NOT_APPLICABLE : [...invented, ...outcomes];
  },
};

/** It is in the file of a unit, as nothing that was started with it runs. */
async function inventedFlags({ host }: Patient): Promise<readonly Outcome[]> {
  const paths = (await Promise.all(UNIT_FILES.map((pattern) => pathsLike(host, pattern)))).flat();
  const found = await Promise.all(
    paths.map(async (path): Promise<readonly Outcome[]> => {
      const text = await host.read(path);
      if (text.kind !== 'value' || !text.value.includes(INVENTED)) return [];
      return [problem('critical', DOES_NOT_EXIST, { path }, `${path}: ${INVENTED}`, [LIMIT])];
    }),
  );
  return found.flat();
}

function ofServer(
  { process, workers, words, config }: PythonServer,
  cores: number | undefined,
): readonly Outcome[] {
  const name = unitOf(process.cgroup) ?? 'gunicorn';
  const told = (flag: string, setting: string) =>
    (words !== undefined && hasFlag(words, flag)) ||
    new RegExp(`^\\s*${setting}\\s*=`, 'm').test(config ?? '');
  const outcomes: Outcome[] = [];
  if (/^\s*worker_memory_limit\s*=/m.test(config ?? ''))
    outcomes.push(problem('warning', IGNORED, { name }, 'worker_memory_limit', [LIMIT]));
  const memory = formatBytes([process, ...workers].reduce((sum, one) => sum + memoryOf(one), 0));
  const evidence = `${name}: ${workers.length} workers, ${memory}; --workers ${flagValue(words ?? [], '--workers', '-w') ?? '?'}`;
  if (cores !== undefined && workers.length > 2 * cores + 1) {
    const where = { en: 'in its command line', zh: '修改启动参数' };
    const fix = [{ where, lines: [`--workers ${cores + 1} --threads 4`] }];
    outcomes.push(
      problem('warning', TOO_MANY, { name, workers: workers.length, cores, memory }, evidence, fix),
    );
  }
  if (!told('--max-requests', 'max_requests')) {
    // A title hides the words of the command line, and the file may be elsewhere.
    if (words === undefined && config === undefined)
      outcomes.push(cannotRead(`${name}: --max-requests`, { kind: 'absent' }));
    else outcomes.push(problem('info', FOR_EVER, { name }, evidence, [RENEW]));
  }
  return outcomes.length > 0 ? outcomes : [{ kind: 'ok', evidence }];
}

const RENEW: FixLine = {
  where: { en: 'in its command line', zh: '修改启动参数' },
  lines: ['--max-requests 1000 --max-requests-jitter 100 --preload'],
};
const LIMIT: FixLine = {
  where: { en: 'take it away; the limit goes into the unit', zh: '删除该参数；内存上限写在 systemd 单元里' },
  lines: ['[Service]', 'MemoryHigh=360M', 'MemoryMax=400M', 'Restart=always'],
};

function problem(
  severity: Severity,
  text: Text,
  data: Readonly<Record<string, string | number>>,
  evidence: string,
  fix: readonly FixLine[],
): Outcome {
  return { kind: 'finding', severity, text, data, evidence, fix };
}
