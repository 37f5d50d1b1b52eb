import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Workshop } from './runs/workshop.ts';

/** Nothing that was started may outlive the benchmark. */
export function endOnSignals(workshop: Workshop): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say(`${signal}: ending what was started`);
      workshop.close().finally(() => process.exit(130));
    });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Progress goes to stderr, results to stdout. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  say(`written: ${file}`);
}
