import type { RedisPlace } from './redis-place.ts';

/** Longest time for writing the log for the first time: 300 MiB on the slowest disk of a cloud. */
const MOST_SECONDS = 120;

/**
 * Lets a running Redis write its log. One that only made snapshots until now must do so before it is restarted: with
 * appendonly in its file and no log on the disk it starts empty, and would then forget the snapshot as well.
 */
export function keepLog(place: RedisPlace): readonly [string, ...string[]] {
  const script = `
    ${asking(place)}
    systemctl is-active --quiet ${place.units[0]} || exit 0
    ask CONFIG SET appendonly yes | grep -q OK || { echo 'Redis did not take appendonly; do not restart it' >&2; exit 1; }
    for second in $(seq ${MOST_SECONDS}); do
      ask INFO persistence | grep -qE 'aof_rewrite_(in_progress|scheduled):1' || break
      sleep 1
    done
    ask INFO persistence | grep -qE 'aof_rewrite_(in_progress|scheduled):1' && exit 1
    ask INFO persistence | grep -q 'aof_last_bgrewrite_status:ok'`;
  return ['sh', '-c', script.replaceAll(/^ {4}/gm, '').trim()];
}

/** For a person to run; it restarts nothing that does not write its log yet. */
export function restartWithLog({ units, socket, port }: RedisPlace): string {
  const log = `{ redis-cli -s ${socket} INFO persistence || redis-cli -p ${port} INFO persistence; } | grep -q aof_enabled:1`;
  return `${log} && systemctl restart ${units[0]}`;
}

function asking({ socket, port }: RedisPlace): string {
  return `ask() { redis-cli -s ${socket} "$@" 2>/dev/null || redis-cli -p ${port} "$@"; }`;
}
