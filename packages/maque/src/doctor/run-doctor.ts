import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '@maque/kit';
import {
  type Check,
  checks,
  type Examination,
  examinationJson,
  examinationMarkdown,
  examine,
  formatExamination,
  localHost,
  Patient,
  readSamples,
  recordSample,
  selectChecks,
  takeSample,
  type Verdict,
  verdictOf,
} from '@maque/ops/doctor';
import { type ChangePlace, undoChanges } from '../changes/make-changes.ts';
import type { QuestionStreams } from '../changes/question.ts';
import { stateFolder } from '../changes/state-folder.ts';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { systemReason } from '../cli/system-reason.ts';
import { mend } from './mend.ts';

const EXIT_CODES: Readonly<Record<Verdict, ExitCode>> = { fine: 0, findings: 1, critical: 2 };

/** `maque doctor`: examines a server, tells what is wrong, and mends what can be mended safely. */
export async function runDoctor(invocation: Invocation, streams: QuestionStreams): Promise<ExitCode> {
  const { options, surroundings } = invocation;
  const { cwd, env } = surroundings;
  const root = rootOf(options.root, cwd);
  const isRoot = process.getuid?.() === 0;
  const state = stateFolder({ command: 'doctor', told: textOf(options.state), root, isRoot, cwd, env });
  const host = localHost(systemClock, { root });
  const place: ChangePlace = {
    root,
    backups: join(state, 'fixes'),
    undoCommand: 'maque doctor --undo',
    host,
    yes: options.yes === true,
    streams,
    surroundings,
  };
  if (options.undo === true) return undoChanges(place);

  const samples = join(state, 'samples.jsonl');
  const patient = new Patient(host, await readSamples(samples));
  const examination = await examine(patient, chosenChecks(options.only), { clock: systemClock });
  print(examination, invocation, isRoot || root !== '/');
  if (options.record === true) await record(samples, patient);
  const left = options.fix === true ? await mend(examination, place) : examination;
  return EXIT_CODES[verdictOf(left)];
}

/** @throws CodedError OUTPUT_UNWRITABLE */
async function record(file: string, patient: Patient): Promise<void> {
  const sample = await takeSample(patient);
  await recordSample(file, sample).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    throw commandErrors.OUTPUT_UNWRITABLE({ data: { file, reason: systemReason(error) }, cause: error });
  });
}

function print(examination: Examination, { options, surroundings }: Invocation, asRoot: boolean): void {
  const { terminal, language } = surroundings;
  const all = options.all === true;
  const explain = options.only !== undefined;
  if (options.json === true) terminal.out(JSON.stringify(examinationJson(examination, language), null, 2));
  else if (options.markdown === true) terminal.out(examinationMarkdown(examination, { language, all }));
  else {
    const isMending = options.fix === true;
    const report = { language, style: terminal.style, all, explain, asRoot, isMending };
    terminal.out(formatExamination(examination, report).join('\n'));
  }
}

/** @throws CodedError CHECK_UNKNOWN */
function chosenChecks(only: string | boolean | undefined): readonly Check[] {
  if (typeof only !== 'string') return checks;
  const selection = selectChecks(checks, only);
  if ('checks' in selection) return selection.checks;
  const { unknown: name, nearest } = selection;
  throw nearest === undefined
    ? commandErrors.CHECK_UNKNOWN({ data: { name } })
    : commandErrors.CHECK_MISSPELLED({ data: { name, nearest } });
}

/** @throws CodedError FOLDER_MISSING */
function rootOf(told: string | boolean | undefined, cwd: string): string {
  if (typeof told !== 'string') return '/';
  const folder = resolve(cwd, told);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw commandErrors.FOLDER_MISSING({ data: { folder } });
  return folder;
}

function textOf(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' ? option : undefined;
}
