import type { Host } from '../host/host.ts';

/** Of systemd itself; a loop of a start every second for an hour is longer, and shows all the same. */
export const RESTART_ARGUMENTS: readonly string[] = [
  ...['--no-pager', '--output=cat', '--since=-1h', '--lines=2000', '_PID=1'],
];

/** `shop.service: Scheduled restart job, restart counter is at 4.`, since 235. */
const RESTART = /^(\S{1,255}): Scheduled restart job/;
/** `shop.service: Service hold-off time over, scheduling restart.`, and `shop.service holdoff time over, …` on CentOS 7. */
const OLD_RESTART = /^(\S{1,255}?):? (?:Service )?hold-?off time over, scheduling restart/;

/** How often systemd started each unit again within the last hour; undefined where its journal cannot be read. */
export async function readRestarts(host: Host): Promise<ReadonlyMap<string, number> | undefined> {
  const output = await host.run('journalctl', RESTART_ARGUMENTS);
  // What it says on stderr is that there is no journal, or that it shows only a user's own.
  if (output.kind !== 'value' || output.value.stderr.trim() !== '') return undefined;
  const lines = output.value.stdout.split('\n');
  const counts = countOf(lines, RESTART);
  // Some versions write both.
  return counts.size > 0 ? counts : countOf(lines, OLD_RESTART);
}

function countOf(lines: readonly string[], pattern: RegExp): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const unit = pattern.exec(line)?.[1];
    if (unit !== undefined) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  return counts;
}
