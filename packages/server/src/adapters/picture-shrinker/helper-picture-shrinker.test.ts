import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterEach, expect, it } from 'vitest';
import { pngOf, sizeOfPicture } from '../../../testing/pictures.ts';
import { MAX_PICTURE_BYTES, type PictureShrinker } from '../../ports/picture-shrinker.ts';
import { createHelperPictureShrinker } from './helper-picture-shrinker.ts';

const IDLE_MS = 300;
let shrinker: PictureShrinker;
const create = (maxWaiting = 4) => {
  shrinker = createHelperPictureShrinker({ maxWaiting, idleMs: IDLE_MS });
};
afterEach(async () => {
  shrinker.close();
  await waitUntil('helpers to end', () => helpers().length === 0);
});

const shrink = (content: Buffer, bytes = content.length) =>
  shrinker.shrink({
    open: async () => ({ facts: { bytes, modifiedAtMs: 0 }, content: Readable.from([content]) }),
    pixels: 160,
    type: 'image/webp',
  });

/** The helpers that this process has. */
function helpers(): number[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.map(Number).filter((pid) => commandOf(pid).includes('picture-helper'));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

it('starts a helper with the first picture, that memory is taken from first, and ends it when it has no work', async () => {
  create();
  expect(helpers()).toEqual([]);
  const small = await shrink(pngOf(320, 200));
  expect(sizeOfPicture(Buffer.from(small ?? []))).toEqual([160, 100]);
  const [pid] = helpers();
  expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('800');
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
  await shrink(pngOf(200, 320));
  expect(helpers()).toEqual([pid]);
  await waitUntil('it to end', () => helpers().length === 0);
  expect(await shrink(pngOf(200, 320))).toBeDefined();
});

it('goes on after a helper was killed in the midst of a picture', async () => {
  create();
  await shrink(pngOf(20, 20));
  const asked = shrink(pngOf(900, 900));
  for (const pid of helpers()) process.kill(pid, 'SIGKILL');
  expect(await asked).toBeUndefined();
  expect(await shrink(pngOf(20, 20))).toBeDefined();
});

it('lets so many wait and no more, and has one helper for all of them', async () => {
  create(3);
  const asked = await Promise.allSettled(Array.from({ length: 5 }, () => shrink(pngOf(300, 300))));
  expect(asked.map(({ status }) => status)).toEqual([
    ...Array(3).fill('fulfilled'),
    ...Array(2).fill('rejected'),
  ]);
  expect(asked[4]).toMatchObject({ reason: { code: 'OVERLOADED' } });
  expect(helpers()).toHaveLength(1);
});

it('does not begin with a file that is too large, and ends after one that breaks off', async () => {
  create();
  expect(await shrink(pngOf(20, 20), MAX_PICTURE_BYTES + 1)).toBeUndefined();
  expect(helpers()).toEqual([]);
  const broken = shrinker.shrink({
    open: async () => ({
      facts: { bytes: 1_000, modifiedAtMs: 0 },
      content: Readable.from(
        (async function* () {
          yield Buffer.from('begin');
          throw new Error('the store is gone');
        })(),
      ),
    }),
    pixels: 160,
    type: 'image/webp',
  });
  expect(await broken).toBeUndefined();
  expect(await shrink(pngOf(20, 20))).toBeDefined();
});

it('tells what keeps a picture from being opened, and does the next', async () => {
  create();
  const gone = new Error('the store is gone');
  const refused = shrinker.shrink({ open: () => Promise.reject(gone), pixels: 160, type: 'image/jpeg' });
  await expect(refused).rejects.toBe(gone);
  expect(await shrink(pngOf(20, 20))).toBeDefined();
});
