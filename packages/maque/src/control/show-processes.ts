import type { ProcessStatus, SystemStatus } from '@maque/contract';
import { type Bytes, formatBytes, formatDuration, type Language, say, type Text } from '@maque/kit';
import { formatTable, type TableColumn } from '@maque/ops';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { readSettings } from '../settings/read-settings.ts';
import { askKeeper } from './ask-keeper.ts';
import { leakNotes, milliseconds, stateName } from './process-words.ts';

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
} satisfies Record<string, Text>;

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
  const notes = leakNotes(processes, language);
  return notes.length === 0 ? table : [...table, '', ...notes];
}

function cellsOf(row: ProcessStatus, nowMs: number, language: Language): string[] {
  return [
    row.id,
    // A place whose next worker waits for its backoff has none.
    row.pid === 0 ? '-' : String(row.pid),
    stateName(row.state, language),
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
