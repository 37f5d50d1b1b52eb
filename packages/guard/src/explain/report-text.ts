import { formatBytes, formatDuration, type Language, say, type Text, type TextData } from '@maque/kit';
import { refusalText } from '../snapshot/snapshot-text.ts';
import { confirmedLines } from './confirmed-text.ts';
import type { CodePosition, Evidence, LeakReport, PileClaim, Refusal, SiteClaim } from './leak-report.ts';
import { EVIDENCE, REFUSALS, TEXTS } from './report-words.ts';

/** Makes a Markdown page of a report. */
export function renderLeakReport(report: LeakReport, language: Language): string {
  const tell = (text: Text, data: TextData = {}) => say(text, language, data);
  const list = (heading: Text, items: readonly string[]) =>
    items.length === 0 ? [] : [`## ${tell(heading)}`, '', ...items, ''];
  const { routes, sites, piles, handles, refused, cost } = report;
  return [
    `# ${tell(TEXTS.title)}`,
    '',
    tell(TEXTS.about, {
      ...report.process,
      at: report.at,
      uptime: formatDuration(report.process.uptimeMs),
    }),
    '',
    verdictLine(report, tell),
    '',
    ...list(
      TEXTS.confirmed,
      report.confirmed === null ? [] : confirmedLines(report.confirmed, language).map((line) => `- ${line}`),
    ),
    ...list(TEXTS.lookFirst, lookFirst(report, tell)),
    ...list(
      TEXTS.routes,
      routes.flatMap(({ route, confidence, evidence }) => [
        `- \`${route}\` (${tell(TEXTS.confidence, { confidence: percent(confidence) })})`,
        ...evidence.map((each) => `  - ${sentence(each, tell)}`),
      ]),
    ),
    ...list(
      TEXTS.sites,
      sites.flatMap((site) => siteLines(site, tell)),
    ),
    ...list(
      TEXTS.piles,
      piles.flatMap((pile) => pileLines(pile, tell)),
    ),
    ...list(
      TEXTS.handles,
      Object.entries(handles)
        .filter(([, { before, now }]) => before !== now)
        .map(([kind, { before, now }]) => `- ${kind}: ${before} → ${now}`),
    ),
    ...list(
      TEXTS.refused,
      refused.map((refusal) => `- ${tell(REFUSALS[refusal.code], refusalData(refusal))}`),
    ),
    ...list(TEXTS.snapshot, snapshotText(report, language)),
    `## ${tell(TEXTS.cost)}`,
    '',
    tell(TEXTS.costs, {
      watched: formatDuration(cost.watchedMs),
      pause: formatDuration(cost.pauseMs),
      report: formatDuration(cost.reportMs),
      interval: formatBytes(cost.sampleEveryBytes),
      samples: cost.survivingSamples,
    }),
    '',
  ].join('\n');
}

/** What a report names, a line each and without markup: enough for an alert. */
export function reportHeadlines(report: LeakReport, language: Language): string[] {
  const tell = (text: Text, data: TextData = {}) => say(text, language, data);
  return lookFirst(report, tell).map((line) => line.replace(/^- /, '').replaceAll('**', ''));
}

type Tell = (text: Text, data?: TextData) => string;

function verdictLine({ verdict }: LeakReport, tell: Tell): string {
  if (verdict === null) return tell(TEXTS.noVerdict);
  const { limit, timeToLimitMs } = verdict;
  return tell(TEXTS.verdict, {
    pool: verdict.pool,
    verdict: verdict.verdict,
    probability: percent(verdict.probability),
    level: formatBytes(Math.round(verdict.level)),
    rate: formatBytes(Math.round(verdict.bytesPerSecond)),
    ofLimit: limit === null ? '' : tell(TEXTS.ofLimit, { limit: formatBytes(limit) }),
    left: timeToLimitMs === null ? '' : tell(TEXTS.left, { time: formatDuration(timeToLimitMs) }),
  });
}

function lookFirst({ lookFirst: first }: LeakReport, tell: Tell): string[] {
  const lines: string[] = [];
  if (first.route !== null) lines.push(`- ${tell(TEXTS.firstRoute, { route: first.route })}`);
  if (first.site !== null) lines.push(`- ${tell(TEXTS.firstSite, { site: positionText(first.site) })}`);
  if (first.package !== null) lines.push(`- ${tell(TEXTS.firstPackage, { package: first.package })}`);
  if (first.constructorName !== null) {
    lines.push(`- ${tell(TEXTS.firstConstructor, { name: first.constructorName })}`);
  }
  return lines.length > 0 ? lines : [tell(TEXTS.nothing)];
}

function snapshotText({ snapshot }: LeakReport, language: Language): string[] {
  switch (snapshot?.outcome) {
    case undefined:
      return [];
    case 'taken':
      return [say(TEXTS.snapshotTaken, language, { file: snapshot.file })];
    case 'failed':
      return [say(TEXTS.snapshotRefused, language, { reason: snapshot.reason })];
    case 'refused':
      return snapshot.refusals.map((refusal) =>
        say(TEXTS.snapshotRefused, language, { reason: refusalText(refusal, language) }),
      );
  }
}

function siteLines(site: SiteClaim, tell: Tell): string[] {
  const place = site.app ?? site.packages[0]?.at ?? site.stack[0];
  const facts = [
    tell(TEXTS.siteSize, { bytes: formatBytes(site.bytes), share: percent(site.share) }),
    ...(site.app === null ? [] : site.packages).map(({ name, at }) =>
      tell(TEXTS.through, { function: at.function, package: name }),
    ),
    ...(site.constructors.length > 0
      ? [tell(TEXTS.madeOf, { constructors: site.constructors.join(', ') })]
      : []),
    ...site.evidence.map((each) => sentence(each, tell)),
  ];
  return [
    `- **${place === undefined ? '?' : positionText(place)}** (${tell(TEXTS.confidence, { confidence: percent(site.confidence) })})`,
    ...facts.map((fact) => `  - ${fact}`),
    ...stackLines(site.stack),
  ];
}

function pileLines(pile: PileClaim, tell: Tell): string[] {
  const route = pile.route === null ? '' : ` ${tell(TEXTS.forRoute, { route: pile.route })}`;
  return [
    `- **${pile.constructorName}**${route} (${tell(TEXTS.confidence, { confidence: percent(pile.confidence) })}): ${sentence(pile.evidence, tell)}`,
    ...stackLines(pile.stack),
  ];
}

function stackLines(stack: readonly CodePosition[]): string[] {
  if (stack.length === 0) return [];
  return ['', '    ```', ...stack.map((position) => `    ${positionText(position)}`), '    ```', ''];
}

function sentence(evidence: Evidence, tell: Tell): string {
  switch (evidence.code) {
    case 'timing':
    case 'on-stack':
    case 'same-function':
      return tell(EVIDENCE[evidence.code], { ...evidence, share: percent(evidence.share) });
    case 'steady': {
      const { firstHalf, secondHalf, samples } = evidence;
      const data = { firstHalf: formatBytes(firstHalf), secondHalf: formatBytes(secondHalf), samples };
      return tell(EVIDENCE.steady, data);
    }
    default:
      return tell(EVIDENCE[evidence.code], { ...evidence });
  }
}

function refusalData(refusal: Refusal): TextData {
  if (refusal.code !== 'pause-too-long') return { ...refusal };
  return { predicted: formatDuration(refusal.predictedMs), allowed: formatDuration(refusal.allowedMs) };
}

function positionText({ function: name, file, line, column }: CodePosition): string {
  return file === '' ? name : `${name} (${file}:${line}:${column})`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
