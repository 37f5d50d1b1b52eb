import { CodedError, type Milliseconds, SECOND, say, type Text } from '@maque/kit';
import {
  applyChange,
  changeErrors,
  type PreparedChange,
  prepareChange,
  undoChange,
  type WantedChange,
} from '@maque/ops/changes';
import type { Host } from '@maque/ops/doctor';
import type { ExitCode, Surroundings } from '../cli/command.ts';
import { journalIn } from './backups.ts';
import { askWhether, canAsk, type QuestionStreams } from './question.ts';

const WORDS = {
  change: { en: '{reason}: change {path}', zh: '{reason}：修改 {path}' },
  ask: { en: 'Write it?', zh: '写入？' },
  needsYes: {
    en: 'Nothing was changed: nobody is there to ask. --yes changes without asking.',
    zh: '未作任何修改：无法询问。加 --yes 可不询问直接修改。',
  },
  changed: { en: 'written: {path}', zh: '已写入：{path}' },
  applied: { en: 'done: {command}', zh: '已执行：{command}' },
  notApplied: {
    en: 'failed, do it by hand: {command} ({reason})',
    zh: '执行失败，请手动执行：{command}（{reason}）',
  },
  undoHint: { en: '{command} brings all back', zh: '用 {command} 可全部恢复' },
  undoNothing: { en: 'There is nothing to undo.', zh: '没有可撤销的修改。' },
  undone: { en: 'as it was: {path}', zh: '已恢复：{path}' },
  stays: {
    en: 'Kernel settings that no file sets any more keep their value until the next start.',
    zh: '不再由任何文件设置的内核参数，在下次启动前保持现值。',
  },
} satisfies Record<string, Text>;

/** `systemctl daemon-reload` on a busy box. */
const APPLY_TIMEOUT_MS: Milliseconds = 30 * SECOND;

/** What is changed, and how. */
export interface ChangePlace {
  /** `/`, or a copy of a server's tree. */
  readonly root: string;
  /** Where it is written down what undoes the changes. */
  readonly backups: string;
  /** What brings all back: `maque doctor --undo`. */
  readonly undoCommand: string;
  readonly host: Host;
  readonly yes: boolean;
  readonly streams: QuestionStreams;
  readonly surroundings: Surroundings;
}

export interface ChangesMade {
  /** Those that are in place now, also where they were before. */
  readonly inPlace: readonly WantedChange[];
  /** Of them, what was written. */
  readonly written: number;
  /** What was shown and not wanted, or could not be written. */
  readonly left: number;
}

/** Shows each change, asks, backs up and makes it; then runs what makes them count. */
export async function makeChanges(wanted: readonly WantedChange[], place: ChangePlace): Promise<ChangesMade> {
  const tell = teller(place);
  const journal = journalIn(place.backups);
  const inPlace: WantedChange[] = [];
  const written: WantedChange[] = [];
  let asks = !place.yes;
  for (const change of wanted) {
    try {
      // One after the other, for two may be of one file.
      const prepared = await prepareChange(place.root, change);
      if (prepared !== undefined) {
        show(prepared, place);
        const answer = asks ? await ask(place) : 'yes';
        if (answer === 'no') continue;
        if (answer === 'all') asks = false;
        await applyChange(place.root, journal, prepared, place.host.nowMs);
        tell(WORDS.changed, { path: change.path });
        written.push(change);
      }
      inPlace.push(change);
    } catch (error) {
      tellError(error, place);
    }
  }
  await makeCount(inPlace, place);
  if (inPlace.length > 0) tell(WORDS.undoHint, { command: place.undoCommand });
  else if (wanted.length > 0 && !place.yes && !canAsk(place.streams)) tell(WORDS.needsYes);
  return { inPlace, written: written.length, left: wanted.length - inPlace.length };
}

/** Brings back all that was changed, the last first. Ends with 1 where something stays. */
export async function undoChanges(place: ChangePlace): Promise<ExitCode> {
  const tell = teller(place);
  const journal = journalIn(place.backups);
  const { changes: kept, damaged } = await journal.read();
  const changes = kept.toReversed();
  for (const file of damaged) tellError(changeErrors.CHANGE_RECORD_DAMAGED({ data: { file } }), place);
  if (changes.length + damaged.length === 0) tell(WORDS.undoNothing);
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
  return undone.length === changes.length && damaged.length === 0 ? 0 : 1;
}

function show({ reason, path, diff }: PreparedChange, { surroundings }: ChangePlace): void {
  const { terminal, language } = surroundings;
  terminal.error(`\n${say(WORDS.change, language, { reason, path })}`);
  for (const line of diff) terminal.error(`  ${line}`);
}

async function ask({ streams, surroundings }: ChangePlace) {
  return canAsk(streams) ? askWhether(say(WORDS.ask, surroundings.language), streams) : 'no';
}

/** Runs what makes the files count, each command once. A copy of a tree runs nothing. */
async function makeCount(
  changes: readonly Pick<WantedChange, 'path' | 'apply'>[],
  { root, host, surroundings }: ChangePlace,
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

function teller({ surroundings: { terminal, language } }: ChangePlace) {
  return (text: Text, data: Readonly<Record<string, unknown>> = {}) =>
    terminal.error(say(text, language, data));
}

/** One file that cannot be changed does not keep the others from it. */
function tellError(error: unknown, { surroundings: { terminal, language } }: ChangePlace): void {
  if (!(error instanceof CodedError)) throw error;
  terminal.error(`${terminal.style('red', '✖')} ${error.messageIn(language)}`);
}
