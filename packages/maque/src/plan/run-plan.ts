import { say, type Text } from '@maque/kit';
import {
  type BoxReport,
  boxPlanJson,
  boxPlanMarkdown,
  boxPlanSvg,
  formatBoxPlan,
  type PlanRequest,
  parsePlanRequest,
  planBox,
  reportOn,
  writePlanRequest,
} from '@maque/ops/plan';
import type { QuestionStreams } from '../changes/question.ts';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { calibrateRequest } from './calibrate/calibrate-request.ts';
import { type FoundRequest, readPlanRequest } from './read-request.ts';
import { writeOutput } from './write-output.ts';

const WORDS = {
  ended: { en: 'Nothing was planned.', zh: '未作规划。' },
  saved: {
    en: 'Kept in {file}; maque plan --from {file} plans the same again',
    zh: '已保存到 {file}；用 maque plan --from {file} 可再次规划',
  },
  drawn: { en: 'Drawn in {file}', zh: '图已写入 {file}' },
} satisfies Record<string, Text>;

const EXIT_CODES: Readonly<Record<BoxReport['verdict']['verdict'], ExitCode>> = {
  fine: 0,
  'with-care': 1,
  'do-not': 2,
};

/** `maque plan`: finds out what is asked, plans it, says whether to do it, and keeps what was told. */
export async function runPlan(invocation: Invocation, streams: QuestionStreams): Promise<ExitCode> {
  const { terminal, language } = invocation.surroundings;
  const found = await readPlanRequest(invocation, streams);
  if (found === undefined) {
    terminal.error(say(WORDS.ended, language));
    return 1;
  }
  tellNotes(found, invocation);
  const { calibrate, load } = invocation.options;
  const request =
    calibrate === true || load !== undefined ? await calibrateRequest(invocation, found) : found.request;
  const report = reportOn(planBox(request));
  print(report, invocation);
  await keep(request, report, invocation);
  return EXIT_CODES[report.verdict.verdict];
}

/** What could not be seen of the running services that are planned as they are. */
function tellNotes(
  { live, request }: FoundRequest,
  { surroundings: { terminal, language } }: Invocation,
): void {
  const planned = live?.detected.filter(({ service }) => request.services.includes(service)) ?? [];
  const notes = planned.flatMap((service) =>
    service.notes.map(({ text, data }) => say(text, language, data)),
  );
  for (const note of new Set(notes)) terminal.error(`${terminal.style('yellow', '!')} ${note}`);
}

function print(report: BoxReport, { options, surroundings: { terminal, language } }: Invocation): void {
  if (options.json === true) terminal.out(JSON.stringify(boxPlanJson(report, language), null, 2));
  else if (options.markdown === true) terminal.out(boxPlanMarkdown(report, language));
  else {
    const columns = terminal.columns();
    const look = { language, style: terminal.style, explain: options.explain === true };
    terminal.out(formatBoxPlan(report, columns === undefined ? look : { ...look, columns }).join('\n'));
  }
}

/** @throws CodedError OUTPUT_FOREIGN, OUTPUT_UNWRITABLE */
async function keep(request: PlanRequest, { plan }: BoxReport, invocation: Invocation): Promise<void> {
  const { options, surroundings } = invocation;
  const { terminal, language, cwd } = surroundings;
  const { save, svg } = options;
  if (typeof save === 'string') {
    await writeOutput(cwd, save, writePlanRequest(request), isRequest);
    terminal.error(say(WORDS.saved, language, { file: save }));
  }
  if (typeof svg === 'string') {
    await writeOutput(cwd, svg, boxPlanSvg(plan, language), (before) => before.startsWith('<svg '));
    terminal.error(say(WORDS.drawn, language, { file: svg }));
  }
}

/** A file that reads as a request was written for no other purpose. */
function isRequest(text: string): boolean {
  try {
    parsePlanRequest(text, '');
    return true;
  } catch {
    return false;
  }
}
