import type { LeakOutlook, ProcessStatus, SystemStatus } from '@maque/contract';
import {
  type Bytes,
  formatBytes,
  formatDuration,
  type Language,
  MINUTE,
  SECOND,
  say,
  type Text,
} from '@maque/kit';
import { formatTable, type TableColumn } from '@maque/ops';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { readSettings } from '../settings/read-settings.ts';
import { askKeeper } from './ask-keeper.ts';

const WORDS = {
  process: { en: 'process', zh: '进程' },
  state: { en: 'state', zh: '状态' },
  up: { en: 'up', zh: '运行' },
  restarts: { en: 'restarts', zh: '重启' },
  memory: { en: 'memory', zh: '内存' },
  budget: { en: 'of', zh: '上限' },
  heap: { en: 'heap', zh: '堆' },
  rate: { en: 'req/s', zh: '请求/秒' },
  total: { en: 'in all', zh: '合计' },
  leak: {
    en: '{process}: {pool} {verdict}, {rate} a minute; {probability} % likely to reach its limit within 30 min',
    zh: '{process}:{pool}{verdict},每分钟 {rate};30 分钟内触及上限的概率 {probability} %',
  },
  leaks: { en: 'leaks', zh: '泄漏' },
  grows: { en: 'grows', zh: '增长' },
} satisfies Record<string, Text>;

const STATES = {
  starting: { en: 'starting', zh: '启动中' },
  ready: { en: 'ready', zh: '就绪' },
  draining: { en: 'draining', zh: '排空中' },
  stopped: { en: 'stopped', zh: '已停止' },
  failed: { en: 'failed', zh: '失败' },
} satisfies Record<ProcessStatus['state'], Text>;

const POOLS = {
  heap: { en: 'the JS heap', zh: 'JS 堆' },
  external: { en: 'memory of buffers', zh: 'Buffer 内存' },
  native: { en: 'native memory', zh: '原生内存' },
} satisfies Record<LeakOutlook['pool'], Text>;

/** `maque ps`: each process of a running server, its memory beside its budget. */
export async function showProcesses(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [app],
    options,
    surroundings,
  } = invocation;
  const { dataDir } = readSettings(invocation, app);
  const status = (await askKeeper(dataDir, 'GET', '/state')) as SystemStatus;
  const { terminal, language } = surroundings;
  if (options.json === true) terminal.out(JSON.stringify(status, null, 2));
  else terminal.out(formatProcesses(status, language).join('\n'));
  return 0;
}

/** One row a process, and their sum; below it, whose memory grows. What a process does not tell is a dash. */
export function formatProcesses({ at, used, budget, processes }: SystemStatus, language: Language): string[] {
  const columns: TableColumn[] = [
    { title: say(WORDS.process, language) },
    { title: 'pid', align: 'right' },
    { title: say(WORDS.state, language) },
    { title: say(WORDS.up, language), align: 'right' },
    { title: say(WORDS.restarts, language), align: 'right' },
    { title: say(WORDS.memory, language), align: 'right' },
    { title: say(WORDS.budget, language), align: 'right' },
    { title: say(WORDS.heap, language), align: 'right' },
    { title: say(WORDS.rate, language), align: 'right' },
    { title: 'p50', align: 'right' },
    { title: 'p99', align: 'right' },
  ];
  const total = [say(WORDS.total, language), '', '', '', '', formatBytes(used), formatBytes(budget)];
  const table = formatTable(columns, [
    ...processes.map((row) => cellsOf(row, Date.parse(at), language)),
    undefined,
    total,
  ]);
  const notes = processes.flatMap(({ id, leak }) => (leak === null ? [] : leakNote(id, leak, language)));
  return notes.length === 0 ? table : [...table, '', ...notes];
}

function leakNote(process: string, leak: LeakOutlook, language: Language): string {
  return say(WORDS.leak, language, {
    process,
    pool: POOLS[leak.pool],
    verdict: leak.verdict === 'leaking' ? WORDS.leaks : WORDS.grows,
    rate: formatBytes(Math.round((leak.bytesPerSecond * MINUTE) / SECOND)),
    probability: Math.round(leak.probability * 100),
  });
}

function cellsOf(row: ProcessStatus, nowMs: number, language: Language): string[] {
  return [
    row.id,
    String(row.pid),
    say(STATES[row.state], language),
    formatDuration(nowMs - Date.parse(row.startedAt)),
    String(row.restarts),
    formatBytes(row.pss ?? row.rss),
    formatBytes(row.budget),
    row.heapUsed === null || row.heapLimit === null ? '-' : `${share(row.heapUsed, row.heapLimit)} %`,
    row.requestsPerSecond === null ? '-' : row.requestsPerSecond.toFixed(1),
    milliseconds(row.p50Ms),
    milliseconds(row.p99Ms),
  ];
}

function share(part: Bytes, whole: Bytes): string {
  return ((part / whole) * 100).toFixed(0);
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)} ms`;
}
