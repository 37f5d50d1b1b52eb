import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bytes, Milliseconds } from '@maque/kit';
import { median } from '../report/median.ts';

/** Something to import, and how it is called in the table. */
export interface Contender {
  readonly name: string;
  /** A package, or the URL of a file. */
  readonly specifier: string;
}

/** What importing something costs a process, beyond what it has before. */
export interface ImportCost {
  readonly name: string;
  /** In an empty process. */
  readonly rss: Bytes;
  /** In one that has loaded what any server loads: node:http, node:https and node:crypto. */
  readonly rssInServer: Bytes;
  readonly ms: Milliseconds;
}

interface Weight {
  readonly rss: Bytes;
  readonly ms: Milliseconds;
}

const probe = fileURLToPath(new URL('probe.js', import.meta.url));

/**
 * Weighs each in fresh processes, by turns, each time beside one that imports nothing: what the machine does meanwhile hits
 * all alike. Figures are medians of the differences.
 */
export function measureImports(
  contenders: readonly Contender[],
  rounds: number,
  onRound: (round: number) => void,
): readonly ImportCost[] {
  const costs = contenders.map(({ name }) => ({ name, empty: [] as Weight[], server: [] as Weight[] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const kind of ['empty', 'server'] as const) {
      const before = weigh(kind);
      contenders.forEach(({ specifier }, index) => {
        const { rss, ms } = weigh(kind, specifier);
        costs[index]?.[kind].push({ rss: rss - before.rss, ms });
      });
    }
    onRound(round);
  }
  return costs.map(({ name, empty, server }) => ({
    name,
    rss: median(empty.map(({ rss }) => rss)),
    rssInServer: median(server.map(({ rss }) => rss)),
    ms: median(empty.map(({ ms }) => ms)),
  }));
}

function weigh(kind: 'empty' | 'server', specifier?: string): Weight {
  const args = ['--expose-gc', probe, kind, ...(specifier === undefined ? [] : [specifier])];
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: [...stdio] })) as Weight;
}
