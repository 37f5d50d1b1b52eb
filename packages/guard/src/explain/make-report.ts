import { basename } from 'node:path';
import type { Milliseconds } from '@maque/kit';
import type { PoolVerdict } from '../detect/verdict.ts';
import { CodePositions } from './code-positions.ts';
import { declaredRoute } from './declared-route.ts';
import type { Findings } from './investigation.ts';
import { LEAK_REPORT_VERSION, type LeakReport, type Refusal } from './leak-report.ts';
import { type LeakSite, rankSites, steadyBytes } from './leak-sites.ts';
import { claimPiles } from './pile-claims.ts';
import { claimRoutes } from './route-claims.ts';
import type { ShortTurns } from './short-turns.ts';
import { claimSites } from './site-claims.ts';

// Fewer samples name a place by luck.
const LEAST_SURVIVORS = 8;
// Places below this share of what stays are noise beside the others, or warm-up.
const LEAST_SHARE = 0.03;

// What to look at first goes into alerts without its confidence. A route that is less likely than this may as well have no part
// in it: of three without any evidence each has 0.1, and no route 0.7.
const LEAST_NAMED = 0.3;

/** What a report says beside what was found. */
export interface ReportFacts {
  readonly atMs: number;
  readonly uptimeMs: Milliseconds;
  readonly folder: string;
  readonly script: string;
  readonly verdict: PoolVerdict | null;
  /** Routes by the names that the app declared, if it did. */
  readonly declared: readonly string[];
}

type Claims = Pick<LeakReport, 'routes' | 'sites' | 'piles'>;

/** Turns what was found into claims, the likeliest first, and these into a report that does not know yet what it cost. */
export async function makeReport(
  findings: Findings,
  facts: ReportFacts,
  turns: ShortTurns,
): Promise<Omit<LeakReport, 'cost'>> {
  const claims = await claim(findings, facts, turns);
  return turns.now(() => reportOf(claims, findings, facts));
}

async function claim(findings: Findings, facts: ReportFacts, turns: ShortTurns): Promise<Claims> {
  const positions = new CodePositions(facts.folder);
  const nameOf = (route: string) => declaredRoute(route, facts.declared);
  const leaking = await turns.next(() => leakingSites(findings));
  const routes = await turns.next(() => {
    const survivors = leaking.flatMap((site) => site.survivors);
    return claimRoutes(findings, survivors, nameOf, facts.verdict?.pool === 'heap');
  });
  // Source maps are read for these, some milliseconds each.
  const piles = await turns.next(() => claimPiles(findings, nameOf, positions));
  const how = { positions, isOutside: growsOutside(facts) };
  const sites = await turns.next(() => claimSites(leaking, piles, how));
  return { routes, sites, piles: piles.map((framed) => framed.claim) };
}

function growsOutside({ verdict }: ReportFacts): boolean {
  return verdict !== null && verdict.pool !== 'heap';
}

function reportOf(
  { routes, sites, piles }: Claims,
  findings: Findings,
  facts: ReportFacts,
): Omit<LeakReport, 'cost'> {
  const [first] = routes;
  const [site] = sites;
  const [pile] = piles;
  return {
    version: LEAK_REPORT_VERSION,
    at: new Date(facts.atMs).toISOString(),
    process: {
      pid: process.pid,
      node: process.version,
      script: basename(facts.script),
      uptimeMs: Math.round(facts.uptimeMs),
    },
    verdict: facts.verdict,
    confirmed: null,
    snapshot: null,
    lookFirst: {
      route: first !== undefined && first.confidence >= LEAST_NAMED ? first.route : null,
      constructorName: site?.constructors[0] ?? pile?.constructorName ?? null,
      site: site?.app ?? site?.packages[0]?.at ?? site?.stack[0] ?? pile?.stack[0] ?? null,
      package: site?.packages[0]?.name ?? null,
    },
    routes,
    sites,
    piles,
    handles: Object.fromEntries(
      [...findings.handles].map(([kind, [before, now]]) => [kind, { before, now }]),
    ),
    refused: [...findings.refused, ...gaps(findings, growsOutside(facts))],
  };
}

function leakingSites(findings: Findings): LeakSite[] {
  const sites = rankSites(findings.survivors, findings.profiledFromMs, findings.endedAtMs);
  const total = sites.reduce((sum, site) => sum + steadyBytes(site), 0);
  const loud = sites.filter((site) => steadyBytes(site) >= LEAST_SHARE * total && site.halves[0] > 0);
  return loud.length > 0 ? loud : sites.slice(0, 1);
}

/** What a reader should know is missing. */
function gaps(findings: Findings, isOutside: boolean): Refusal[] {
  const missing: Refusal[] = [];
  const samples = findings.survivors.length;
  if (findings.profileRead && samples < LEAST_SURVIVORS) missing.push({ code: 'nothing-survived', samples });
  const isWatched = !findings.refused.some(({ code }) => code === 'not-watched');
  if (isWatched && findings.traffic.size === 0) missing.push({ code: 'no-traffic' });
  if (isOutside) missing.push({ code: 'not-in-heap' });
  return missing;
}
