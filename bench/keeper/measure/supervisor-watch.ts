import { readdirSync, readFileSync } from 'node:fs';
import { type Bytes, KiB, type Milliseconds } from '@maque/kit';
import type { Sample } from './growth.ts';

const SAMPLE_EVERY_MS: Milliseconds = 1_000;

/** Follows the memory and the descriptors of one process. */
export class SupervisorWatch {
  readonly rss: Sample[] = [];
  readonly descriptors: Sample[] = [];
  readonly #pid: number;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const atMs = performance.now();
    try {
      const value = readdirSync(`/proc/${this.#pid}/fd`).length;
      this.rss.push({ atMs, value: rssOf(this.#pid) });
      this.descriptors.push({ atMs, value });
    } catch {
      this.stop(); // it has ended, which others notice
    }
  }
}

function rssOf(pid: number): Bytes {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) * KiB;
}
