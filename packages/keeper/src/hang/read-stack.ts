import { type CodePositions, ownerOf, routeTemplate } from '@maque/guard/reporting';
import type { FrameOwner, HangFrame, HangStack } from './hang-finding.ts';
import type { PausedFrame, StackLook } from './look-at-stack.ts';

// From a leaf through a framework's middleware to the server is 20 to 30.
const MAX_FRAMES = 32;
const MAX_NAME = 120;
const MAX_FILE = 300;

/** Makes of a look at a thread what can be told. Pure but for the source maps it reads. */
export function readStack(look: StackLook, positions: CodePositions): Omit<HangStack, 'nativeMs'> {
  const { stack, steady, request } = look;
  // Of a deep recursion only the innermost calls are told; the one that does not return must be among them.
  const from = steady < stack.length ? Math.max(0, steady - MAX_FRAMES / 2) : 0;
  const frames = stack.slice(from, from + MAX_FRAMES).map((frame) => readFrame(frame, positions));
  const route = request === null ? null : routeTemplate(...request);
  return { frames, steady: Math.min(steady - from, frames.length), route };
}

export function isApp({ url }: PausedFrame): boolean {
  return frameOwner(url) === 'app';
}

function readFrame(frame: PausedFrame, positions: CodePositions): HangFrame {
  const { functionName, url, lineNumber, columnNumber } = frame;
  const place = positions.of({ functionName, url, line: lineNumber + 1, column: columnNumber + 1 });
  return {
    functionName: place.function.slice(0, MAX_NAME),
    file: place.file.slice(0, MAX_FILE),
    line: place.line,
    column: place.column,
    owner: frameOwner(url),
  };
}

function frameOwner(url: string): FrameOwner {
  const owner = ownerOf(url);
  if (owner === 'guard') return 'package';
  return owner === 'route' ? 'builtin' : owner;
}
