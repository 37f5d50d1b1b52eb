import {
  type Bytes,
  formatBytes,
  formatDuration,
  GiB,
  KiB,
  MiB,
  type Milliseconds,
  SECOND,
  type Text,
} from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { everywhere, type NginxFacts } from '../facts/nginx.ts';
import { nginxTime } from '../facts/nginx-units.ts';
import { ofEachNginx } from '../facts/of-each-nginx.ts';
import { programName } from '../facts/program.ts';
import type { Patient } from '../patient.ts';

/** A phone that has its answer rarely asks again after a minute. */
const LONG_KEEPALIVE: Milliseconds = 120 * SECOND;
/** Boxes of 1 GiB and a little. */
const SMALL_BOX: Bytes = 1.25 * GiB;
/** An idle connection with TLS (measured: 15.1 KiB). */
const IDLE_CONNECTION: Bytes = 15 * KiB;
/** What each worker holds for a connection that nobody has made (measured with 1.22: 22.5 MiB for 51200, 1.3 for 1024). */
const PLACE_FOR_CONNECTION: Bytes = 434;
/** Empty places for more than that are memory for nothing. */
const MOST_PLACES: Bytes = 16 * MiB;

const TOO_LONG: Text = {
  en: 'keepalive_timeout is {time}: each phone that was here keeps {each} for that long',
  zh: 'keepalive_timeout 为 {time}：每部访问过的手机会占用 {each} 直到超时',
};
const TOO_MANY: Text = {
  en: 'worker_connections is {connections}: {workers} workers hold {memory} ready for connections that nobody makes',
  zh: 'worker_connections 为 {connections}：{workers} 个工作进程为用不到的连接预留了 {memory}',
};

export const nginxConnections: Check = {
  id: 'F5',
  name: 'nginx-connections',
  group: 'front',
  title: { en: 'Connections of nginx', zh: 'nginx 连接数与保持时间' },
  why: {
    en: 'An idle TLS connection takes 15 KiB (measured), and each place in worker_connections takes 434 bytes in every worker, used or not: the 51200 of the BT panel are 21 MiB a worker.',
    zh: '每个空闲 TLS 连接占 15 KiB（实测）；worker_connections 的每个名额无论是否使用，都在每个工作进程中占 434 字节：宝塔默认的 51200 就是每进程 21 MiB。',
  },
  explanation: {
    en: 'worker_connections is how many phones one process of nginx can serve at a time; 2048 to 4096 are more than the app behind it can answer. keepalive_timeout is how long a finished connection is kept for the next request.',
    zh: 'worker_connections 是一个 nginx 进程能同时服务的连接数，2048 到 4096 已超过后面应用的处理能力。keepalive_timeout 是请求结束后连接保留多久以备复用。',
  },
  async look(patient) {
    const room = await patient.memoryRoom();
    const total = room.kind === 'value' ? room.value.totalBytes : Number.POSITIVE_INFINITY;
    const workers = await countWorkers(patient);
    return ofEachNginx(patient, (nginx) => {
      const problems = [
        ...(total <= SMALL_BOX ? longOnes(nginx) : []),
        ...tooManyPlaces(nginx, workers, total),
      ];
      return problems.length > 0
        ? problems
        : [{ kind: 'ok', evidence: `${nginx.place.config}: connections as usual` }];
    });
  },
};

async function countWorkers(patient: Patient): Promise<number> {
  const processes = await patient.processes();
  if (processes.kind !== 'value') return 1;
  const all = processes.value.filter((process) => programName(process) === 'nginx');
  const pids = new Set(all.map(({ pid }) => pid));
  return Math.max(1, all.filter(({ parent }) => pids.has(parent)).length);
}

function longOnes(nginx: NginxFacts): readonly Outcome[] {
  return everywhere(nginx, 'keepalive_timeout').flatMap(({ args, file, line }): readonly Outcome[] => {
    const time = nginxTime(args[0]) ?? 0;
    if (time <= LONG_KEEPALIVE) return [];
    const data = { time: formatDuration(time), each: formatBytes(IDLE_CONNECTION) };
    const evidence = `${file}:${line}: keepalive_timeout ${args.join(' ')}`;
    const fix = [{ where: { en: 'in its place', zh: '替换原来的行' }, lines: ['keepalive_timeout 65s;'] }];
    return [{ kind: 'finding', severity: 'warning', text: TOO_LONG, data, evidence, fix }];
  });
}

function tooManyPlaces(nginx: NginxFacts, workers: number, total: Bytes): readonly Outcome[] {
  const directive = everywhere(nginx, 'worker_connections').at(-1);
  const connections = Number(directive?.args[0]);
  const memory = connections * workers * PLACE_FOR_CONNECTION;
  // One byte in a hundred is nothing to a large box.
  if (directive === undefined || !(memory > MOST_PLACES) || memory < total / 100) return [];
  const where = {
    en: 'in the events block; the main context for the second line, then: nginx -s reload',
    zh: '第一行写在 events 段，第二行写在最外层，然后执行：nginx -s reload',
  };
  return [
    {
      kind: 'finding',
      severity: 'info',
      text: TOO_MANY,
      data: { connections, workers, memory: formatBytes(memory) },
      evidence: `${directive.file}:${directive.line}: worker_connections ${connections}`,
      fix: [{ where, lines: ['worker_connections 4096;', 'worker_rlimit_nofile 16384;'] }],
    },
  ];
}
