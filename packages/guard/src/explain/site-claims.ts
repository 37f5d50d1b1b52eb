import type { CodePositions } from './code-positions.ts';
import type { SiteClaim } from './leak-report.ts';
import { type LeakSite, steadyBytes } from './leak-sites.ts';
import type { FramedPile } from './pile-claims.ts';
import { hundredths } from './route-claims.ts';
import { ownerOf, packageOf, type StackFrame } from './stack-frame.ts';

const MOST_CLAIMS = 6;
const MOST_CONSTRUCTORS = 8;
// Code of the app says more than that of a package which it uses everywhere (a body parser), and is what people can change:
// it counts four times its bytes. Where whole requests stay, everything that was made for them stays with them, and the
// place that holds them may be small.
const APP_WEIGHT = 4;
const APP_WEIGHT_WITH_REQUESTS = 100;
// Node allocates by itself for connections and timers; that names nothing.
const NODE_WEIGHT = 0.05;
// A place where handles or listeners are made that stay; or, of memory outside the heap, where its owners are made.
const PILE_WEIGHT = 10;
const OWNER_WEIGHT = 10;
const OWNS_MEMORY = /[a-z0-9]Array$|Buffer$|^DataView$|^Blob$|[Zz]ip$|[Ff]late|^Brotli|^Zstd|^Zlib/;
// Eight samples are some evidence for a place, thirty are plenty.
const SAMPLES = 8;

/** Says where what stays is allocated. */
export function claimSites(
  sites: readonly LeakSite[],
  piles: readonly FramedPile[],
  how: { readonly positions: CodePositions; readonly isOutside: boolean },
): SiteClaim[] {
  const total = sites.reduce((sum, site) => sum + steadyBytes(site), 0);
  const requestsStay = piles.some(({ claim }) => claim.evidence.code === 'requests-stay');
  const weightOf = (site: LeakSite) =>
    steadyBytes(site) *
    codeWeight(site, requestsStay) *
    (pilesAt(site, piles).length > 0 ? PILE_WEIGHT : 1) *
    (how.isOutside && site.constructors.some((name) => OWNS_MEMORY.test(name)) ? OWNER_WEIGHT : 1);
  return [...sites]
    .sort((a, b) => weightOf(b) - weightOf(a))
    .slice(0, MOST_CLAIMS)
    .map((site) => claimOf(site, steadyBytes(site) / total, piles, how.positions));
}

function codeWeight(site: LeakSite, requestsStay: boolean): number {
  if (site.app !== null) return requestsStay ? APP_WEIGHT_WITH_REQUESTS : APP_WEIGHT;
  return site.packages.length > 0 ? 1 : NODE_WEIGHT;
}

function claimOf(
  site: LeakSite,
  steadyShare: number,
  piles: readonly FramedPile[],
  positions: CodePositions,
): SiteClaim {
  const own = pilesAt(site, piles).map(({ claim }) => claim);
  const whole = piles
    .filter(({ claim }) => claim.evidence.code === 'requests-stay')
    .map(({ claim }) => claim);
  const isRequests = site.app !== null || isNodeHttp(site);
  const constructors = new Set([
    ...own.map((claim) => claim.constructorName),
    ...(isRequests ? whole.map((claim) => claim.constructorName) : []),
    ...site.constructors,
  ]);
  const bySamples = steadyShare * (1 - Math.exp(-site.samples / SAMPLES));
  const [firstHalf, secondHalf] = site.halves.map(Math.round) as [number, number];
  return {
    app: site.app === null ? null : positions.of(site.app),
    packages: site.packages.map((frame) => ({
      name: packageOf(frame.url) ?? '',
      at: positions.of(frame),
    })),
    constructors: [...constructors].slice(0, MOST_CONSTRUCTORS),
    confidence: hundredths(Math.min(0.99, Math.max(bySamples, ...own.map(({ confidence }) => confidence)))),
    bytes: Math.round(site.bytes),
    share: hundredths(site.share),
    evidence: [
      { code: 'steady', firstHalf, secondHalf, samples: site.samples },
      ...own.map(({ evidence }) => evidence),
    ],
    stack: site.stack.map((frame) => positions.of(frame)),
  };
}

/** Piles whose things are made in the very function of the app that a place is named after. */
function pilesAt(site: LeakSite, piles: readonly FramedPile[]): FramedPile[] {
  return piles.filter(({ stack }) => {
    const app = stack.find(({ url }) => ownerOf(url) === 'app');
    return app !== undefined && site.app !== null && isSameFunction(app, site.app);
  });
}

// Stacks of handles tell the line of the call, the profile where the function begins.
function isSameFunction(call: StackFrame, site: StackFrame): boolean {
  if (withoutScheme(call.url) !== withoutScheme(site.url)) return false;
  return call.functionName === site.functionName && call.line >= site.line;
}

function withoutScheme(url: string): string {
  return url.replace(/^file:\/\//, '');
}

function isNodeHttp(site: LeakSite): boolean {
  return site.stack.some(({ url }) => url.startsWith('node:_http'));
}
