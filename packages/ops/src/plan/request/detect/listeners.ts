import type { ListeningSocket } from '../../../doctor/facts/listening-sockets.ts';
import type { Host } from '../../../doctor/host/host.ts';

/** A server opens its port before all else that it opens; beyond this nobody has to look. */
const MOST_FILES = 256;

/** Which of these processes listen on a port. Those of other users are not among them unless root asks. */
export async function readListeners(
  host: Host,
  pids: readonly number[],
  sockets: readonly ListeningSocket[],
): Promise<ReadonlySet<number>> {
  const wanted = new Set(sockets.map(({ inode }) => `socket:[${inode}]`));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const names = await host.list(`/proc/${pid}/fd`);
      if (names.kind !== 'value') return [];
      const links = await Promise.all(
        names.value.slice(0, MOST_FILES).map((name) => host.follow(`/proc/${pid}/fd/${name}`)),
      );
      return links.some((link) => link.kind === 'value' && wanted.has(link.value)) ? [pid] : [];
    }),
  );
  return new Set(found.flat());
}
