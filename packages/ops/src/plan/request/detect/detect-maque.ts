import { type Bytes, parseBytes } from '@maque/kit';
import { flagValue } from '../../../doctor/facts/launch-flags.ts';
import { type NodeProcess, wordsAfterProgram } from '../../../doctor/facts/node-processes.ts';
import { type DetectedService, planName } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

/** Commands that keep workers; the others end by themselves, such as the one that looks here. */
const KEEPS = new Set(['start', 'dev', 'run']);

/** Keepers with their workers: an app of Maque, or, with `maque run`, any program. */
export function detectMaque({ nodes }: HostFacts): readonly DetectedService[] {
  return nodes.filter(isKeeper).map((keeper) => {
    const { process, service } = keeper;
    const workers = nodes.filter(({ process: one }) => one.parent === process.pid);
    const words = wordsAfterProgram(process);
    const pids = [process, ...workers.map((one) => one.process)].map(({ pid }) => pid);
    // A keeper that is just starting has none yet.
    const count = workers.length === 0 ? {} : { workers: workers.length };
    if (words[1] === 'run') {
      const oldSpaceMb = workers[0]?.flags.oldSpaceMb;
      const heap = oldSpaceMb === undefined ? {} : { oldSpaceMb };
      const name = planName(service.unit ?? '', 'node');
      return { service: { kind: 'node', name, keptBy: 'keeper', ...count, ...heap }, pids, notes: [] };
    }
    const memoryBytes = toldMemory(keeper);
    const memory = memoryBytes === undefined ? {} : { memoryBytes };
    const name = planName(service.unit ?? '', 'maque');
    return { service: { kind: 'maque', name, ...count, ...memory }, pids, notes: [] };
  });
}

function isKeeper({ process, role }: NodeProcess): boolean {
  return role === 'manager' && KEEPS.has(wordsAfterProgram(process)[1] ?? '');
}

/** What it was told on its command line or in its environment. A file of its folder is the app's own affair. */
function toldMemory({ process }: NodeProcess): Bytes | undefined {
  const told = flagValue(wordsAfterProgram(process), '--memory') ?? process.environment?.get('MAQUE_MEMORY');
  try {
    return told === undefined ? undefined : parseBytes(told);
  } catch {
    return undefined;
  }
}
