import type { CodePositions } from './code-positions.ts';
import type { Findings } from './investigation.ts';
import type { PileClaim } from './leak-report.ts';
import { visible } from './leak-sites.ts';
import type { ResourcePile } from './resource-watch.ts';
import { hundredths } from './route-claims.ts';
import { ownerOf, type StackFrame } from './stack-frame.ts';

const MOST_CLAIMS = 8;
const SHOWN_FRAMES = 8;
const LEAST_CONFIDENCE = 0.5;

/** A claim with the frames it stands on, for joining it with a place. */
export interface FramedPile {
  readonly claim: PileClaim;
  readonly stack: readonly StackFrame[];
}

/** Says what piles up beside plain objects: handles, listeners, whole requests. Those with a place in the code first. */
export function claimPiles(
  findings: Findings,
  nameOf: (route: string) => string,
  positions: CodePositions,
): FramedPile[] {
  const handles = findings.resources.filter(isMadeByApp).map((pile) => {
    const stack = visible(pile.stack).slice(0, SHOWN_FRAMES);
    const { kind, alive, followed } = pile;
    return framed(pile.owner ?? kind, pile.route, wilsonLow(alive, followed), stack, {
      code: 'resources-stay',
      kind,
      alive,
      followed,
    });
  });
  const listeners = findings.listeners.map(({ owner, event, before, now, route, stack: added }) => {
    const stack = visible(added).slice(0, SHOWN_FRAMES);
    // Every one by which they have grown has stayed.
    const grown = now - before;
    return framed(owner, route, wilsonLow(grown, grown), stack, {
      code: 'listeners-stay',
      owner,
      event,
      before,
      now,
    });
  });
  const requests = findings.requests.flatMap(({ route, objects, followed }) =>
    REQUEST_CLASSES.map((name) =>
      framed(name, route, wilsonLow(objects, followed), [], {
        code: 'requests-stay',
        alive: objects,
        followed,
      }),
    ),
  );
  return [...handles, ...listeners, ...requests]
    .filter(({ claim }) => claim.confidence >= LEAST_CONFIDENCE)
    .slice(0, MOST_CLAIMS);

  function framed(
    constructorName: string,
    route: string | null,
    confidence: number,
    stack: readonly StackFrame[],
    evidence: PileClaim['evidence'],
  ): FramedPile {
    const claim = {
      constructorName,
      route: route === null ? null : nameOf(route),
      confidence: hundredths(confidence),
      evidence,
      stack: stack.map((frame) => positions.of(frame)),
    };
    return { claim, stack };
  }
}

const REQUEST_CLASSES = ['IncomingMessage', 'ServerResponse'];

// Node arms a timer for each idle connection and opens sockets by itself; those stay with their connection.
function isMadeByApp({ kind, stack }: ResourcePile): boolean {
  const asked = stack.find(({ url }) => ['app', 'package'].includes(ownerOf(url)));
  if (asked === undefined) return false;
  return (
    kind !== 'Timeout' || stack.some(({ url }) => url === 'node:timers' || url === 'node:timers/promises')
  );
}

/** The least share that is likely (nine times of ten) where `some` of `all` were seen: Wilson's score interval. */
function wilsonLow(some: number, all: number): number {
  if (all <= 0) return 0;
  const z = 1.2816;
  const share = some / all;
  const middle = share + z ** 2 / (2 * all);
  const spread = z * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2));
  return Math.max(0, (middle - spread) / (1 + z ** 2 / all));
}
