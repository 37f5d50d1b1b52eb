/** One function on a stack. Lines and columns count from 1; 0 where nobody tells. */
export interface StackFrame {
  /** Empty for a function without a name. */
  readonly functionName: string;
  /** Empty for what V8 itself brings, such as `Array.from`. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** Whose code a frame is. `route` frames are put there by the guard, to tell which route is being served. */
export type FrameOwner = 'app' | 'package' | 'node' | 'builtin' | 'guard' | 'route';

/** The beginning of the file name of every route frame; what follows is the route's number. */
export const ROUTE_FRAME_URL = 'maque-route:';
/** The file name of other functions that the guard compiles, to know them again on stacks. */
export const GUARD_FRAME_URL = 'maque-guard:';

const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;

// A report asks some hundred times for each of the files on its stacks, of which a large app has some thousand.
const MAX_OWNERS = 5_000;
const owners = new Map<string, FrameOwner>();

/** Whose code a frame is, by its file alone. */
export function ownerOf(url: string): FrameOwner {
  const known = owners.get(url);
  if (known !== undefined) return known;
  if (owners.size >= MAX_OWNERS) owners.clear();
  const owner = ownerByName(url);
  owners.set(url, owner);
  return owner;
}

function ownerByName(url: string): FrameOwner {
  if (url === '') return 'builtin';
  if (url.startsWith('node:')) return 'node';
  if (url.startsWith(ROUTE_FRAME_URL)) return 'route';
  if (url.startsWith(GUARD_FRAME_URL) || isOwn(url)) return 'guard';
  return url.includes('/node_modules/') ? 'package' : 'app';
}

/** The package that a file belongs to, such as `lodash` or `@fastify/session`; null outside `node_modules`. */
export function packageOf(url: string): string | null {
  return PACKAGE.exec(url)?.[1] ?? null;
}

/** The number of the route that a route frame stands for; null for every other frame. */
export function routeNumberOf(url: string): number | null {
  if (!url.startsWith(ROUTE_FRAME_URL)) return null;
  const number = Number(url.slice(ROUTE_FRAME_URL.length));
  return Number.isInteger(number) ? number : null;
}

// Installed, the guard is a folder of files. Bundled, this is a chunk that is loaded only to explain leaks.
const OWN_URL = import.meta.url.replace(/\/explain\/stack-frame\.[jt]s$/, '/');
function isOwn(url: string): boolean {
  return url.startsWith(OWN_URL) && !url.includes('.test.');
}

/** Samples of one place share their stack: what is to be said of it is worked out once. */
export function oncePerStack<Answer>(
  work: (stack: readonly StackFrame[]) => Answer,
): (stack: readonly StackFrame[]) => Answer {
  const answers = new Map<readonly StackFrame[], Answer>();
  return (stack) => {
    const known = answers.get(stack);
    if (known !== undefined) return known;
    const answer = work(stack);
    answers.set(stack, answer);
    return answer;
  };
}
