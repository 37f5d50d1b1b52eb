import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { openFilesLimit, workerConnections } from '../facts/file-limits.ts';
import type { ProcessFacts } from '../facts/processes.ts';
import { type Program, programName, programOf } from '../facts/program.ts';
import { unitOf } from '../facts/services.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';
import { addToUnit } from '../repairs/unit-drop-in.ts';

/** Each client is a descriptor, and each file, and each connection to the database. */
const LEAST_FILES = 10_000;
/** A request that is passed on holds one to the client and one to the server behind. */
const PER_CONNECTION = 2;
const ADVISED = 65_535;

const ASKED: ReadonlySet<Program> = new Set([...(['node', 'web-server', 'database', 'redis'] as const)]);

const FEW: Text = {
  en: '{name} ({pid}) may have {limit} files and sockets open at once; {least} are wanted',
  zh: '{name}（{pid}）最多同时打开 {limit} 个文件和连接，至少需要 {least}',
};

export const fileLimits: Check = {
  id: 'B7',
  name: 'file-limits',
  group: 'units',
  title: { en: 'Files and sockets that may be open', zh: '可打开的文件与连接数' },
  why: {
    en: 'At the limit no connection is accepted any more (EMFILE: too many open files); the usual 1024 are a thousand clients. nginx needs two for each of its worker_connections.',
    zh: '达到上限后不再接受连接（EMFILE: too many open files）；常见的 1024 只够一千个客户端。nginx 的每个 worker_connections 需要两个。',
  },
  explanation: {
    en: 'To the kernel a socket is a file, and each process may have so many at once. The limit comes from its unit (LimitNOFILE=) or from what started it.',
    zh: '对内核来说连接也是文件，每个进程能同时打开的数量有上限，来自其服务单元（LimitNOFILE=）或启动它的程序。',
  },
  async look(patient) {
    const processes = await patient.processes();
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const asked = processes.value.filter((process) => ASKED.has(programOf(process)));
    if (asked.length === 0) return NOT_APPLICABLE;
    const read = await Promise.all(asked.map(({ pid }) => openFilesLimit(patient.host, pid)));
    const known = asked.flatMap((process, index) => {
      const limit = read[index];
      return limit?.kind === 'value' ? [{ process, limit: limit.value }] : [];
    });
    if (known.length === 0) return [cannotRead('/proc/PID/limits', { kind: 'absent' })];
    const wantedByNginx = await nginxWants(patient);
    // One of each program and unit stands for all of them.
    const lowest = new Map<string, Limited>();
    for (const one of known) {
      const key = `${programName(one.process)} ${unitOf(one.process.cgroup)}`;
      if (one.limit < (lowest.get(key)?.limit ?? Number.POSITIVE_INFINITY)) lowest.set(key, one);
    }
    const found = [...lowest.values()].flatMap((one) => judge(one, wantedByNginx));
    if (found.length > 0) return found;
    return [{ kind: 'ok', evidence: `least: ${Math.min(...known.map(({ limit }) => limit))}` }];
  },
};

interface Limited {
  readonly process: ProcessFacts;
  readonly limit: number;
}

async function nginxWants({ host }: Patient): Promise<number> {
  return PER_CONNECTION * (await workerConnections(host));
}

function judge({ process, limit }: Limited, wantedByNginx: number): readonly Outcome[] {
  const name = programName(process);
  const isNginx = /^(nginx|openresty|tengine)$/.test(name);
  const least = isNginx ? wantedByNginx : LEAST_FILES;
  if (limit >= least) return [];
  const unit = unitOf(process.cgroup);
  const evidence = `/proc/${process.pid}/limits: Max open files ${limit}`;
  const data = { name, pid: process.pid, limit, least };
  const more = Math.max(ADVISED, least);
  if (isNginx) {
    const where = { en: 'nginx.conf, outside of all blocks', zh: 'nginx.conf 最外层' };
    const fix = [{ where, lines: [`worker_rlimit_nofile ${more};`] }];
    return [{ kind: 'finding', severity: 'warning', text: FEW, data, evidence, fix }];
  }
  const where = {
    en: 'before it is started, or nofile under ulimits: of its container',
    zh: '启动之前设置；容器则在 ulimits: 下设置 nofile',
  };
  const change =
    unit === null
      ? { fix: [{ where, lines: [`ulimit -n ${more}`] }] }
      : addToUnit(unit, 'files', [`LimitNOFILE=${more}`]);
  return [{ kind: 'finding', severity: 'warning', text: FEW, data, evidence, ...change }];
}
