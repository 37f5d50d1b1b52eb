import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError, type Milliseconds, SECOND, say, type Text } from '@maque/kit';
import {
  applyChange,
  ChangeJournal,
  type PreparedChange,
  prepareChange,
  undoChange,
  type WantedChange,
} from '@maque/ops/changes';
import { type Examination, type Host, wantedChanges, withoutMended } from '@maque/ops/doctor';
import type { ExitCode, Surroundings } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { askYesOrNo, canAsk, type QuestionStreams } from './question.ts';

const WORDS = {
  nothing: { en: 'There is nothing that could be mended safely.', zh: '没有可安全修复的问题。' },
  change: { en: '{reason}: change {path}', zh: '{reason}:修改 {path}' },
  ask: { en: 'Write it?', zh: '写入?' },
  needsYes: {
    en: 'Nothing was changed: nobody is there to ask. --yes changes without asking.',
    zh: '未作任何修改:无法询问。加 --yes 可不询问直接修改。',
  },
  changed: { en: 'written: {path}', zh: '已写入:{path}' },
  applied: { en: 'done: {command}', zh: '已执行:{command}' },
  notApplied: {
    en: 'failed, do it by hand: {command} ({reason})',
    zh: '执行失败,请手动执行:{command}({reason})',
  },
  undoHint: { en: 'maque doctor --undo brings all back', zh: '用 maque doctor --undo 可全部恢复' },
  undoNothing: { en: 'There is nothing to undo.', zh: '没有可撤销的修改。' },
  undone: { en: 'as it was: {path}', zh: '已恢复:{path}' },
  stays: {
    en: 'Kernel settings that no file sets any more keep their value until the next start.',
    zh: '不再由任何文件设置的内核参数,在下次启动前保持现值。',
  },
} satisfies Record<string, Text>;

/** `systemctl daemon-reload` on a busy box. */
const APPLY_TIMEOUT_MS: Milliseconds = 30 * SECOND;

/** What mending works on. */
export interface MendingPlace {
  /** `/`, or a copy of a server's tree. */
  readonly root: string;
  readonly state: string;
  readonly host: Host;
  readonly yes: boolean;
  readonly streams: QuestionStreams;
  readonly surroundings: Surroundings;
}

/** Shows each safe repair, asks, backs up and makes it. @returns the examination without what was mended */
export async function mend(examination: Examination, place: MendingPlace): Promise<Examination> {
  const { root, host } = place;
  const tell = teller(place);
  const journal = journalOf(place);
  const wanted = wantedChanges(examination);
  if (wanted.length === 0) tell(WORDS.nothing);
  const mended: WantedChange[] = [];
  for (const change of wanted) {
    try {
      // One after the other, for two may be of one file.
      const prepared = await prepareChange(root, change);
      if (prepared !== undefined) {
        if (!(await isWanted(prepared, place))) continue;
        await applyChange(root, journal, prepared, host.nowMs);
        tell(WORDS.changed, { path: change.path });
      }
      mended.push(change);
    } catch (error) {
      tellError(error, place);
    }
  }
  await makeCount(mended, place);
  if (mended.length > 0) tell(WORDS.undoHint);
  else if (wanted.length > 0 && !place.yes && !canAsk(place.streams)) tell(WORDS.needsYes);
  return withoutMended(examination, mended);
}

/** `maque doctor --undo`: brings back all that was changed, the last first. Ends with 1 where something stays. */
export async function undoAll(place: MendingPlace): Promise<ExitCode> {
  const tell = teller(place);
  const journal = journalOf(place);
  const changes = (await journal.all()).toReversed();
  if (changes.length === 0) tell(WORDS.undoNothing);
  const undone: Pick<WantedChange, 'path' | 'apply'>[] = [];
  for (const change of changes) {
    try {
      await undoChange(place.root, journal, change);
      tell(WORDS.undone, { path: change.path });
      const namesGone = change.before === null && change.apply?.includes(change.path) === true;
      undone.push(
        change.apply === null || namesGone
          ? { path: change.path }
          : { path: change.path, apply: change.apply },
      );
    } catch (error) {
      tellError(error, place);
    }
  }
  await makeCount(undone, place);
  const isLive = place.root === '/';
  if (isLive && undone.some(({ path }) => path.startsWith('/etc/sysctl'))) tell(WORDS.stays);
  return undone.length === changes.length ? 0 : 1;
}

async function isWanted(change: PreparedChange, place: MendingPlace): Promise<boolean> {
  const { terminal, language } = place.surroundings;
  const { reason, path } = change;
  terminal.error(`\n${say(WORDS.change, language, { reason, path })}`);
  for (const line of change.diff) terminal.error(`  ${line}`);
  if (place.yes) return true;
  return canAsk(place.streams) && askYesOrNo(say(WORDS.ask, language), place.streams);
}

/** Runs what makes the files count, each command once. A copy of a tree runs nothing. */
async function makeCount(
  changes: readonly Pick<WantedChange, 'path' | 'apply'>[],
  { root, host, surroundings }: MendingPlace,
): Promise<void> {
  if (root !== '/') return;
  const { terminal, language } = surroundings;
  const commands = changes.flatMap(({ apply }) => (apply === undefined ? [] : [apply]));
  for (const [command = '', ...args] of new Map(commands.map((each) => [each.join(' '), each])).values()) {
    const output = await host.run(command, args, { timeoutMs: APPLY_TIMEOUT_MS });
    const line = [command, ...args].join(' ');
    if (output.kind === 'value' && output.value.code === 0)
      terminal.error(say(WORDS.applied, language, { command: line }));
    else {
      const reason =
        output.kind === 'value'
          ? `exit ${output.value.code}`
          : output.kind === 'absent'
            ? 'not there'
            : output.reason;
      terminal.error(say(WORDS.notApplied, language, { command: line, reason }));
    }
  }
}

/** @throws CodedError DATA_FOLDER_DENIED */
function statOf(path: string): Stats | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw commandErrors.DATA_FOLDER_DENIED({ data: { path }, cause: error });
  }
}

/** @throws CodedError STATE_FOLDER_UNSAFE: what lies there says which files are written and which commands run. */
function journalOf({ state }: MendingPlace): ChangeJournal {
  const folder = join(state, 'fixes');
  const stats = statOf(folder);
  const user = process.getuid?.();
  const isOwn =
    stats === undefined || user === undefined || (stats.uid === user && (stats.mode & 0o022) === 0);
  if (!isOwn) throw commandErrors.STATE_FOLDER_UNSAFE({ data: { folder, user } });
  return new ChangeJournal(folder);
}

function teller({ surroundings: { terminal, language } }: MendingPlace) {
  return (text: Text, data: Readonly<Record<string, unknown>> = {}) =>
    terminal.error(say(text, language, data));
}

/** One file that cannot be changed does not keep the others from it. */
function tellError(error: unknown, { surroundings: { terminal, language } }: MendingPlace): void {
  if (!(error instanceof CodedError)) throw error;
  terminal.error(`${terminal.style('red', '✖')} ${error.messageIn(language)}`);
}
