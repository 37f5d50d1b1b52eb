import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '@maque/kit';
import { localHost } from '@maque/ops/doctor';
import { type BoxPlan, formatBoxPlan, planBox, reportOn } from '@maque/ops/plan';
import { chosenTargets, render } from '@maque/ops/render';
import { type ChangePlace, undoChanges } from '../changes/make-changes.ts';
import type { QuestionStreams } from '../changes/question.ts';
import { stateFolder } from '../changes/state-folder.ts';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { readPlanRequest } from '../plan/read-request.ts';
import { applyFiles } from './apply-files.ts';
import { optionsOf, textOf } from './options-of.ts';
import { filesJson, listFiles, listTargets, printFiles } from './show-files.ts';
import { writeTree } from './write-tree.ts';

/** `maque render`: the files of a planned server, listed, printed, written as a tree, or put in their places. */
export async function runRender(invocation: Invocation, streams: QuestionStreams): Promise<ExitCode> {
  const { arguments: names, options, surroundings } = invocation;
  if (options.undo === true) return undoChanges(placeOf(invocation, streams));
  if (options.list === true) {
    listTargets(surroundings);
    return 0;
  }
  chosenTargets(names);
  const renderOptions = optionsOf(invocation);
  const plan = await planOf(invocation, streams);
  if (typeof plan === 'number') return plan;
  const files = render(plan, renderOptions, names);

  if (options.apply === true) return applyFiles(files, placeOf(invocation, streams));
  const folder = textOf(options.out);
  if (folder !== undefined) return writeTree(files, { folder, force: options.force === true }, surroundings);
  if (options.json === true) surroundings.terminal.out(JSON.stringify(filesJson(files), null, 2));
  else if (names.length > 0) printFiles(files, surroundings);
  else listFiles(files, surroundings);
  return 0;
}

/** The plan, or how the command ends where there is none: what does not fit is shown with the whole sum. */
async function planOf(invocation: Invocation, streams: QuestionStreams): Promise<BoxPlan | ExitCode> {
  // The targets are no folder of an app.
  const found = await readPlanRequest({ ...invocation, arguments: [] }, streams);
  if (found === undefined) return 1;
  const plan = planBox(found.request);
  if (plan.fits) return plan;
  const { terminal, language } = invocation.surroundings;
  const shown = formatBoxPlan(reportOn(plan), { language, style: terminal.style, explain: false });
  terminal.error(shown.join('\n'));
  return 2;
}

/** @throws CodedError FOLDER_MISSING */
function placeOf({ options, surroundings }: Invocation, streams: QuestionStreams): ChangePlace {
  const { cwd, env } = surroundings;
  const root = rootOf(textOf(options.root), cwd);
  const isRoot = process.getuid?.() === 0;
  const told = textOf(options.state);
  const state = stateFolder({ command: 'render', told, root, isRoot, cwd, env });
  return {
    root,
    backups: join(state, 'changes'),
    undoCommand: 'maque render --undo',
    host: localHost(systemClock, { root }),
    yes: options.yes === true,
    streams,
    surroundings,
  };
}

function rootOf(told: string | undefined, cwd: string): string {
  if (told === undefined) return '/';
  const folder = resolve(cwd, told);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw commandErrors.FOLDER_MISSING({ data: { folder } });
  return folder;
}
