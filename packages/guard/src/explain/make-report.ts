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
import { claimSites } from './site-claims.ts';

// Fewer samples name a place by luck.
const LEAST_SURVIVORS = 8;
// Places below this share of what stays are noise beside the others, or warm-up.
const LEAST_SHARE = 0.03;

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

/** Turns what was found into claims, the likeliest first. Whoever calls it knows how long it takes. */
export function makeReport(findings: Findings, facts: ReportFacts): LeakReport {
  const positions = new CodePositions(facts.folder);
  const nameOf = (route: string) => declaredRoute(route, facts.declared);
  const leaking = leakingSites(findings);
  const survivors = leaking.flatMap((site) => site.survivors);
  const routes = claimRoutes(findings, survivors, nameOf, facts.verdict?.pool === 'heap');
  const framed = claimPiles(findings, nameOf, positions);
  const piles = framed.map(({ claim }) => claim);
  const isOutside = facts.verdict !== null && facts.verdict.pool !== 'heap';
  const sites = claimSites(leaking, framed, { positions, isOutside });
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
      route: first?.route ?? null,
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
    refused: [...findings.refused, ...gaps(findings, isOutside)],
    cost: {
      watchedMs: Math.round(findings.endedAtMs - findings.startedAtMs),
      pauseMs: Math.round(findings.pauseMs),
      reportMs: 0,
      sampleEveryBytes: findings.interval,
      survivingSamples: findings.survivors.length,
    },
  };
}

function leakingSites(findings: Findings): LeakSite[] {
  const sites = rankSites(findings.survivors, findings.startedAtMs, findings.endedAtMs);
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
