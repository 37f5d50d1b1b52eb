import type { RedisPlace } from './redis-place.ts';

/** Longest time for writing the log for the first time: 300 MiB on the slowest disk of a cloud. */
const MOST_SECONDS = 120;

/**
 * Restarts a Redis that keeps its data. One that only made snapshots until now must first write its log while it runs:
 * with appendonly in its file and no log on the disk it starts empty, and would then forget the snapshot as well.
 */
export function keepAndRestart({ units, socket, port }: RedisPlace): readonly [string, ...string[]] {
  const script = `
    ask() { redis-cli -s ${socket} "$@" 2>/dev/null || redis-cli -p ${port} "$@"; }
    if systemctl is-active --quiet ${units[0]}; then
      ask CONFIG SET appendonly yes | grep -q OK || { echo 'Redis did not take appendonly; it is not restarted' >&2; exit 1; }
      for second in $(seq ${MOST_SECONDS}); do
        ask INFO persistence | grep -qE 'aof_rewrite_(in_progress|scheduled):1' || break
        sleep 1
      done
      ask INFO persistence | grep -qE 'aof_rewrite_(in_progress|scheduled):1' && exit 1
      ask INFO persistence | grep -q 'aof_last_bgrewrite_status:ok' || exit 1
    fi
    systemctl restart ${units[0]}`;
  return ['sh', '-c', script.replaceAll(/^ {4}/gm, '').trim()];
}
