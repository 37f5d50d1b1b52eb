// node bench/leaks/draw-pictures.ts: the pictures of the guide (docs/guide/pictures), drawn from recordings.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MiB, SECOND } from '@maque/kit';
import { replay } from '../../packages/guard/src/replay/replay.ts';
import { type Picture, pictureOf } from './picture.ts';
import { readSamples } from './research/recorded-set.ts';

const recordings = join(import.meta.dirname, 'recordings');
const pictures = join(import.meta.dirname, '..', '..', 'docs', 'guide', 'pictures');

interface Wanted {
  readonly file: string;
  readonly recording: string;
  readonly title: Picture['title'];
}

const WANTED: readonly Wanted[] = [
  {
    file: 'leak',
    recording: 'event-once-never-fired',
    title: {
      en: 'A leak: a release at 80 s adds listeners that are never removed',
      zh: '泄漏：80 秒时上线的版本不断添加监听器，从不移除',
    },
  },
  {
    file: 'cache-fill',
    recording: 'points-of-the-last-hour',
    title: {
      en: 'No leak: a bounded list fills for 110 s, and stays',
      zh: '不是泄漏：有上限的列表 110 秒填满，之后保持不变',
    },
  },
  {
    file: 'sawtooth',
    recording: 'upstream-connections',
    title: {
      en: 'No leak: garbage in saw teeth, and what lives stays',
      zh: '不是泄漏：垃圾呈锯齿状，存活的内存不变',
    },
  },
  {
    file: 'tide',
    recording: 'cart-lifetime-tide',
    title: {
      en: 'No leak: carts live for 50 s, and visitors come in waves',
      zh: '不是泄漏：购物车保留 50 秒，访客一波一波地来',
    },
  },
];

mkdirSync(pictures, { recursive: true });
for (const { file, recording, title } of WANTED) {
  const picture = await readPicture(join(recordings, `${recording}.jsonl.gz`), title);
  writeFileSync(join(pictures, `${file}.svg`), pictureOf(picture, 'en'));
  writeFileSync(join(pictures, `${file}.zh-CN.svg`), pictureOf(picture, 'zh-CN'));
}

async function readPicture(path: string, title: Picture['title']): Promise<Picture> {
  const samples = await readSamples(path);
  const floors = new Map<number, number>();
  for (const { heapFloor, heapFloorAtMs } of samples) {
    if (heapFloor !== null && heapFloorAtMs !== null) floors.set(heapFloorAtMs / SECOND, heapFloor / MiB);
  }
  const probability: (readonly [number, number])[] = [];
  for await (const verdict of replay(path, { everyMs: 2 * SECOND })) {
    if (verdict.pool === 'heap') probability.push([verdict.t, verdict.probability]);
  }
  return {
    title,
    used: samples.map(({ atMs, heapUsed }) => [atMs / SECOND, heapUsed / MiB]),
    floors: [...floors],
    probability,
    limit: (samples.at(-1)?.heapLimit ?? 0) / MiB,
  };
}
