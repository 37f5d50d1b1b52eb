import { MiB } from '@maque/kit';
import type { Component } from '../component.ts';

/** Buffers outside the heap of a program that we do not know. */
export function externalBuffers(): Component {
  return {
    code: 'BUFFERS',
    name: { en: 'buffers outside the heap', zh: '堆外缓冲区' },
    // 10 requests of 1 MiB (the body limit of Express and Fastify is 0.1 and 1), each with its joined copy. With this two
    // workers of any program fit into 512 MiB.
    floorBytes: 20 * MiB,
    ceilingBytes: 128 * MiB,
    weight: 20,
    settle: wholeMiB,
    formula: (bytes) => `${bytes / 2 / MiB} × 2 × 1`,
    source: {
      en: 'requests at once × (chunks and joined copy) × a body of 1 MiB; nothing enforces it in a foreign program',
      zh: '并发请求数 ×（分块与合并后的副本）× 1 MiB 请求体；对外部程序无法强制',
    },
  };
}

function wholeMiB(offered: number): number {
  return Math.floor(offered / (2 * MiB)) * 2 * MiB;
}
