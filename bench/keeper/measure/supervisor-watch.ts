import { readdirSync, readFileSync } from 'node:fs';
import { type Bytes, KiB, type Milliseconds } from '@maque/kit';
import type { Sample } from './growth.ts';

const SAMPLE_EVERY_MS: Milliseconds = 1_000;

/** Follows the memory and the descriptors of one process; `anonymous` is what it shares with no other. */
export class SupervisorWatch {
  readonly rss: Sample[] = [];
  readonly anonymous: Sample[] = [];
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
      const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
      this.rss.push({ atMs, value: bytesOf('VmRSS', status) });
      this.anonymous.push({ atMs, value: bytesOf('RssAnon', status) });
      this.descriptors.push({ atMs, value });
    } catch {
      this.stop(); // it has ended, which others notice
    }
  }
}

function bytesOf(name: string, status: string): Bytes {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
  return Number(match?.[1] ?? 0) * KiB;
}
