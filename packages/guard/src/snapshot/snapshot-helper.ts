/**
 * The process that works on snapshots: it redacts what an app streams to it, and compares files. It is asked by its
 * first argument and answers on standard output; see `helper-protocol.ts`. Its memory is its own, and when memory runs
 * short the system ends it before the app.
 */
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { CodedError } from '@maque/kit';
import { type HelperAnswer, type HelperRequest, OUTPUT_DESCRIPTOR } from './helper-protocol.ts';

// The kernel's scale ends at 1,000: above every worker, and below what asks to be ended.
const OOM_SCORE = '800';

giveWay();
await answer(JSON.parse(process.argv[2] ?? '') as HelperRequest);

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

async function answer(request: HelperRequest): Promise<void> {
  try {
    tell(request.task === 'write' ? await write(request) : await compare(request));
  } catch (error) {
    tell(failure(error));
    process.exitCode = 1;
    // Whoever still writes must not wait for a reader that has given up.
    process.stdin.destroy();
  }
}

async function write({ redact, maxBytes }: HelperRequest & { task: 'write' }): Promise<HelperAnswer> {
  const { writeSnapshot } = await import('./write-snapshot.ts');
  tell({ kind: 'ready' });
  const written = await writeSnapshot(process.stdin, OUTPUT_DESCRIPTOR, { redact, maxBytes });
  return { kind: 'written', written };
}

async function compare({ before, after }: HelperRequest & { task: 'compare' }): Promise<HelperAnswer> {
  const { compareSnapshots } = await import('./compare-snapshots.ts');
  tell({ kind: 'ready' });
  return { kind: 'compared', comparison: await compareSnapshots(before, after) };
}

function tell(told: HelperAnswer): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

function failure(error: unknown): HelperAnswer {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CodedError) return { kind: 'failed', code: error.code, message, data: error.data };
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'UNKNOWN';
  return { kind: 'failed', code, message, data: {} };
}
