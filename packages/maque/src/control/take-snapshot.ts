import { formatBytes, SECOND, say, type Text } from '@maque/kit';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { readSettings } from '../settings/read-settings.ts';
import { askKeeper, SNAPSHOT_PATIENCE_MS } from './ask-keeper.ts';

const WORDS = {
  taking: {
    en: 'Worker {worker} writes a heap snapshot; it serves nobody meanwhile …',
    zh: '工作进程 {worker} 正在写堆快照，期间不处理请求 …',
  },
  written: { en: '{path} ({bytes}, {seconds} s)', zh: '{path}（{bytes}，{seconds} 秒）' },
  refused: { en: 'No snapshot of {worker}: {reason}', zh: '{worker} 未生成快照：{reason}' },
} satisfies Record<string, Text>;

/** The keeper's answer, which is the worker's own. */
type SnapshotAnswer =
  | { readonly outcome: 'written'; readonly path: string; readonly bytes: number }
  | { readonly outcome: 'refused' | 'failed'; readonly reason: string };

/** `maque snapshot`: has a worker write a redacted heap snapshot, if its cost fits the box, and says where it is. */
export async function takeSnapshot(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [worker],
    options: { app, json },
    surroundings: { terminal, language },
  } = invocation;
  if (worker === undefined) {
    throw commandErrors.ARGUMENT_MISSING({ data: { name: 'snapshot', usage: '<worker>' } });
  }
  const { dataDir } = readSettings(invocation, typeof app === 'string' ? app : undefined);
  const beganMs = performance.now();
  if (json !== true) terminal.error(say(WORDS.taking, language, { worker }));
  const path = `/snapshot?worker=${encodeURIComponent(worker)}`;
  const answer = (await askKeeper(dataDir, 'POST', path, SNAPSHOT_PATIENCE_MS)) as SnapshotAnswer;
  if (json === true) terminal.out(JSON.stringify({ worker, ...answer }, null, 2));
  else if (answer.outcome === 'written') {
    const seconds = ((performance.now() - beganMs) / SECOND).toFixed(1);
    const bytes = formatBytes(answer.bytes);
    terminal.out(say(WORDS.written, language, { path: answer.path, bytes, seconds }));
  } else {
    terminal.error(say(WORDS.refused, language, { worker, reason: answer.reason }));
  }
  return answer.outcome === 'written' ? 0 : 1;
}
