/**
 * The process that makes pictures smaller. It is asked on standard input and answers on standard output, see
 * `helper-protocol.ts`, and ends with its input. Its memory is its own: when memory runs short the system ends it before any
 * worker, and what it took goes back when it ends, which a thread's does not (measured: 140 MiB stayed behind).
 */
import { existsSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type Vips from 'wasm-vips';
import { MAX_PICTURE_BYTES, type ThumbnailType } from '../../ports/picture-shrinker.ts';
import { frameHeader, framesIn } from './frame-reader.ts';
import type { ShrinkAnswer, ShrinkRequest } from './helper-protocol.ts';

type Library = Awaited<ReturnType<typeof Vips>>;

// The kernel's scale ends at 1,000: above every worker, and below what asks to be ended.
const OOM_SCORE = '800';
/** What phones of 2026 take at most by themselves; a progressive JPEG of so many takes 200 MiB to open. */
const MAX_PIXELS = 50_000_000;
/** Of 100: where fewer bytes begin to show on photos of this size. */
const QUALITY = 80;

giveWay();
const vips = await openLibrary();
for await (const { header, content } of framesIn(process.stdin, MAX_PICTURE_BYTES)) {
  const made = shrink(vips, content, header as ShrinkRequest);
  const answer: ShrinkAnswer = { isDone: made !== undefined, rssBytes: process.memoryUsage.rss() };
  process.stdout.write(frameHeader(answer, made?.length ?? 0));
  if (made !== undefined) process.stdout.write(made);
}
// The library's own threads would keep it alive.
process.stdout.end(() => process.exit(0));

function giveWay(): void {
  attempt(() => setPriority(constants.priority.PRIORITY_BELOW_NORMAL));
  attempt(() => writeFileSync('/proc/self/oom_score_adj', OOM_SCORE));
}

/** What a platform does not have or does not allow is done without. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {}
}

async function openLibrary(): Promise<Library> {
  // In a bundle it lies beside this file as it is: it starts threads by its own name.
  const bundled = new URL('vips/vips-node.mjs', import.meta.url);
  const isBundled = existsSync(fileURLToPath(bundled));
  const { default: open } = (await import(isBundled ? bundled.href : 'wasm-vips')) as {
    default: typeof Vips;
  };
  const opened = await open({
    // Neither HEIC nor JPEG XL nor SVG, which are not taken as uploads.
    dynamicLibraries: [],
    // What it has to say of a damaged picture is in the error.
    print() {},
    printErr() {},
  });
  opened.concurrency(1);
  // Nobody asks for the same again: what was made is kept by whoever asked.
  opened.Cache.max(0);
  return opened;
}

/** Undefined for what cannot be opened. */
function shrink(
  { Image, ForeignKeep }: Library,
  picture: Uint8Array,
  { pixels, type }: ShrinkRequest,
): Uint8Array | undefined {
  let whole: Vips.Image | undefined;
  let small: Vips.Image | undefined;
  try {
    // Reads the header only.
    whole = Image.newFromBuffer(picture);
    if (whole.width * whole.height > MAX_PIXELS) return undefined;
    small = Image.thumbnailBuffer(picture, pixels, { height: pixels, size: 'down' });
    return encode(small, type, ForeignKeep.none);
  } catch {
    return undefined;
  } finally {
    whole?.delete();
    small?.delete();
  }
}

function encode(picture: Vips.Image, type: ThumbnailType, keep: Vips.Flag): Uint8Array {
  const options = { Q: QUALITY, keep };
  return type === 'image/jpeg' ? picture.jpegsaveBuffer(options) : picture.webpsaveBuffer(options);
}
