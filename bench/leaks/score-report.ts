import type { CodePosition, LeakReport } from '@maque/guard/report';

/** What a report ought to name. */
export interface LeakLabel {
  readonly name: string;
  /** Null where no route has a part in it: then none may be named. */
  readonly route: string | null;
  readonly constructors: readonly string[];
  readonly sites: readonly string[];
}

/** What a report has named right. */
export interface NamedRight {
  readonly name: string;
  readonly route: boolean;
  /** A constructor of the label is among the first place's, or the first place shows one of the label's names. */
  readonly place: boolean;
  readonly asked: boolean;
  /** The longest standstill on the clock. */
  readonly pauseMs: number;
  /** The same by processor time: what it would have been had nobody else wanted the processor. */
  readonly workMs: number;
  /** What it named first, for people. */
  readonly first: string;
}

/**
 * Holds a report's first claims against the label. Names count where a function, a package or a file inside a package
 * shows them; the app's own file names do not, since a scenario's file is named after its leak.
 */
export function scoreReport(label: LeakLabel, report: LeakReport | null, asked: boolean): NamedRight {
  const { name } = label;
  if (report === null)
    return { name, route: false, place: false, asked, pauseMs: 0, workMs: 0, first: 'no report' };
  const [site] = report.sites;
  const [pile] = report.piles;
  const constructors = [
    ...(site?.constructors ?? []),
    ...(site === undefined && pile ? [pile.constructorName] : []),
  ];
  const positions = [...(site?.packages ?? []).map(({ at }) => at), ...(site?.stack ?? pile?.stack ?? [])];
  const shown = positions.map(shownOf).join(' ').toLowerCase();
  const { lookFirst, cost } = report;
  return {
    name,
    route: shapeOf(lookFirst.route) === shapeOf(label.route),
    place:
      constructors.some((each) => label.constructors.includes(each)) ||
      label.sites.some((each) => shown.includes(each.toLowerCase())),
    asked,
    pauseMs: Math.max(cost.pauseMs, cost.reportMs),
    workMs: cost.longestWorkMs,
    first: [lookFirst.route, lookFirst.constructorName, lookFirst.site?.function, lookFirst.package].join(
      ' · ',
    ),
  };
}

/** What a parameter is called is the label's choice. */
function shapeOf(route: string | null): string | null {
  return route?.replaceAll(/:\w+/g, ':') ?? null;
}

function shownOf({ function: name, file }: CodePosition): string {
  return file.startsWith('node_modules/') ? `${name} ${file.slice('node_modules/'.length)}` : name;
}
