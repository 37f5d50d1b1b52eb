import type { Host, Reading } from '../host/host.ts';

const ESTABLISHED = '01';
const LISTENING = '0A';

/** How many connections a process holds that others made to it; needs root, or to be its user. */
export async function countIncomingConnections(host: Host, pid: number): Promise<Reading<number>> {
  const names = await host.list(`/proc/${pid}/fd`);
  if (names.kind !== 'value') return names;
  // In its own network: a container has another one than the box.
  const [four, six] = await Promise.all([
    host.read(`/proc/${pid}/net/tcp`),
    host.read(`/proc/${pid}/net/tcp6`),
  ]);
  if (four.kind !== 'value') return four;
  const text = `${four.value}\n${six.kind === 'value' ? six.value : ''}`;
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  const portOf = (row: readonly string[]) => row[1]?.split(':')[1];
  const listening = new Set(rows.filter((row) => row[3] === LISTENING).map(portOf));
  const incoming = new Set(
    rows.filter((row) => row[3] === ESTABLISHED && listening.has(portOf(row))).map((row) => row[9]),
  );
  if (incoming.size === 0) return { kind: 'value', value: 0 };
  let count = 0;
  for (const name of names.value) {
    const link = await host.follow(`/proc/${pid}/fd/${name}`);
    const inode = link.kind === 'value' ? /^socket:\[(\d+)\]$/.exec(link.value)?.[1] : undefined;
    if (inode !== undefined && incoming.has(inode)) count += 1;
  }
  return { kind: 'value', value: count };
}
