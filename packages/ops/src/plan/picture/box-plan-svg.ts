import { type Language, say } from '@maque/kit';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { roundBytes } from '../in-mebibytes.ts';
import { boxParts } from './box-parts.ts';
import { boxTitle, PICTURE_WORDS } from './box-words.ts';
import { deploymentSvg } from './deployment-svg.ts';
import { memoryBarSvg } from './memory-bar-svg.ts';
import { escaped, round, svgAt, svgBox, svgText } from './svg-elements.ts';
import { DEFINITIONS, STYLE_SHEET } from './svg-theme.ts';

const MARGIN = 32;
const HEADING = 34;
const BETWEEN = 40;
const LEAST_WIDTH = 896;

/** The plan as one picture that needs nothing else: who talks to whom, and below it where the memory goes. */
export function boxPlanSvg(plan: BoxPlan | BoxMisfit, language: Language): string {
  const deployment = deploymentSvg(plan, language);
  const inner = Math.max(LEAST_WIDTH, deployment.width);
  const bar = memoryBarSvg(plan, language, inner);
  const barTop = MARGIN + HEADING + deployment.height + BETWEEN;
  const width = round(inner + 2 * MARGIN);
  const height = round(barTop + HEADING + bar.height + MARGIN / 2);
  const heading = (y: number, text: string) => svgText({ x: MARGIN, y: y + 16, text, look: 'h1 ink' });
  const memory = say(PICTURE_WORDS.memory, language);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="maque-title maque-about" class="maque">`,
    `<title id="maque-title">${escaped(`maque plan: ${boxTitle(plan.request.box, language)}`)}</title>`,
    `<desc id="maque-about">${escaped(aboutText(plan, language))}</desc>`,
    `<style>${STYLE_SHEET}</style><defs>${DEFINITIONS}</defs>`,
    svgBox({ x: 0.5, y: 0.5, width: width - 1, height: height - 1, look: 'paper', radius: 16 }),
    heading(MARGIN, say(PICTURE_WORDS.deployment, language)),
    svgAt(MARGIN + (inner - deployment.width) / 2, MARGIN + HEADING, deployment.body),
    heading(barTop, `${memory} · ${roundBytes(plan.request.box.memoryBytes)}`),
    svgAt(MARGIN, barTop + HEADING, bar.body),
    '</svg>\n',
  ].join('\n');
}

/** What the picture shows, for those who hear it. */
function aboutText(plan: BoxPlan | BoxMisfit, language: Language): string {
  const parts = boxParts(plan).map(({ name, bytes }) => `${say(name, language)} ${roundBytes(bytes)}`);
  const missing = plan.fits
    ? []
    : [
        say(PICTURE_WORDS.missing, language, {
          bytes: roundBytes(plan.neededBytes - plan.availableBytes),
        }),
      ];
  return [...parts, ...missing].join(', ');
}
