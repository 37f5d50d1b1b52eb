import { MiB, type Text } from '@maque/kit';
import type { FixLine } from '../findings/finding.ts';
import { heapFlagsWithin } from '../plan/components/worker-heap.ts';
import { isOfUsersManager } from './control-groups.ts';
import { FIXES } from './fixes.ts';
import type { Kill } from './kill.ts';
import { type ProgramKind, programKind } from './program-kinds.ts';

/** What a Node process takes beside its heap at most, with a database client (measured on Node 24, 56 runs). */
const NODE_BESIDE_HEAP_MIB = 85;
/** A quarter of the usual small box, where the log does not tell what there is. */
const ASSUMED_ROOM_MIB = 512;
const LEAST_JAVA_HEAP_MIB = 64;
/** Of a machine, what one program may be given where nothing else is known: half. */
const MACHINE_SHARE = 0.5;
/** A JVM's memory beside its heap: metaspace, code cache, threads, collector (measured: 65 to 110 MiB). */
const JAVA_BESIDE_HEAP_MIB = 110;

/** More room is half as much again as there was. */
const MORE = 1.5;
/** Where the limit that was hit is not told. */
const ASSUMED_LIMIT_KB = 341 * 1_024;

/** The lines that would have prevented this kill, most useful first. */
export function fixFor(kill: Kill): FixLine[] {
  return [...ownFix(kill), ...groupFix(kill), ...containerFix(kill), ...swapFix(kill), ...protectFix(kill)];
}

/** What to change of the program that had the memory. */
function ownFix(kill: Kill): FixLine[] {
  if (kill.mechanism === 'v8-heap-limit') {
    const heapMb = Math.ceil(((kill.limitKb ?? ASSUMED_LIMIT_KB) * MORE) / 1_024);
    return [
      LEAK,
      { where: FIXES.largerHeap.where, lines: [`NODE_OPTIONS="--max-old-space-size=${heapMb}"`] },
    ];
  }
  if (kill.mechanism === 'jvm-heap-limit') {
    const flags = '-XX:+ExitOnOutOfMemoryError -XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=/var/tmp';
    return [{ where: FIXES.javaExit.where, lines: [flags] }];
  }
  if (kill.mechanism === 'php-memory-limit') {
    const mb = Math.ceil(((kill.limitKb ?? ASSUMED_LIMIT_KB) * MORE) / 1_024);
    return [{ where: FIXES.phpLimit.where, lines: [`ini_set('memory_limit', '${mb}M');`] }];
  }
  const kind = programKind(kill.culprit?.name ?? kill.name);
  return [...programFix(kind, roomOf(kill)), ...(kind === 'node' ? [LEAK] : [])];
}

const LEAK: FixLine = { where: FIXES.leak.where, lines: ['npx maque run server.js'] };

/** What the program has room for, MiB: its group's limit, or half of the machine. Undefined where neither is told. */
function roomOf({ limitKb, ramKb }: Kill): number | undefined {
  if (limitKb !== null) return Math.floor(limitKb / 1_024);
  return ramKb === null ? undefined : Math.floor((ramKb / 1_024) * MACHINE_SHARE);
}

function programFix(kind: ProgramKind, room: number | undefined): FixLine[] {
  switch (kind) {
    case 'node': {
      const { oldSpaceMb, semiSpaceMb } = heapFlagsWithin(
        ((room ?? ASSUMED_ROOM_MIB) - NODE_BESIDE_HEAP_MIB) * MiB,
      );
      const flags = `--max-old-space-size=${oldSpaceMb} --max-semi-space-size=${semiSpaceMb}`;
      return [{ where: FIXES.nodeFlags.where, lines: [`NODE_OPTIONS="${flags}"`] }];
    }
    case 'java': {
      const heap = Math.max(
        LEAST_JAVA_HEAP_MIB,
        Math.floor((room ?? ASSUMED_ROOM_MIB) - JAVA_BESIDE_HEAP_MIB),
      );
      return [
        {
          where: FIXES.javaFlags.where,
          lines: [`-Xmx${heap}m -Xss512k -XX:+UseSerialGC -XX:ReservedCodeCacheSize=64m`],
        },
      ];
    }
    case 'mysql':
      return [
        {
          where: FIXES.mysql.where,
          lines: [
            '[mysqld]',
            'innodb_buffer_pool_size = 128M',
            'max_connections = 40',
            'tmp_table_size = 1M',
            'max_heap_table_size = 1M',
            'performance_schema = OFF',
          ],
        },
      ];
    case 'redis':
      return [{ where: FIXES.redis.where, lines: ['maxmemory 96mb', 'maxmemory-policy allkeys-lru'] }];
    case 'python':
      return [
        {
          where: FIXES.python.where,
          lines: ['gunicorn --workers 2 --max-requests 1000 --max-requests-jitter 200 …'],
        },
      ];
    case 'php':
      return [
        { where: FIXES.php.where, lines: ['pm = ondemand', 'pm.max_children = 5', 'pm.max_requests = 500'] },
      ];
    case 'other':
      return [{ where: FIXES.look.where, lines: ['ps -eo pid,rss,comm --sort=-rss | head'] }];
  }
}

function groupFix({ constraint, unit, cgroup, limitKb }: Kill): FixLine[] {
  if (constraint !== 'CONSTRAINT_MEMCG' || unit?.endsWith('.service') !== true) return [];
  const more = limitKb === null ? '512M' : `${Math.ceil((limitKb * MORE) / 1_024)}M`;
  const asked = isOfUsersManager(cgroup) ? `--user ${unit}` : unit;
  return [{ where: named(FIXES.group.where, asked), lines: ['[Service]', `MemoryMax=${more}`] }];
}

function containerFix({ mechanism, constraint, limitKb, name }: Kill): FixLine[] {
  const isLimit = constraint === 'container limit';
  const moreMb = Math.ceil(((limitKb ?? ASSUMED_LIMIT_KB) * MORE) / 1_024);
  if (mechanism === 'kubernetes' && isLimit)
    return [
      {
        where: FIXES.pod.where,
        lines: ['resources:', '  limits:', `    memory: ${moreMb}Mi`],
      },
    ];
  if (mechanism !== 'container' || !isLimit) return [];
  const command = `docker update --memory ${moreMb}m --memory-swap ${moreMb}m ${name ?? '<container>'}`;
  return [{ where: FIXES.container.where, lines: [command] }];
}

function swapFix({ constraint, totalSwapKb, mechanism }: Kill): FixLine[] {
  const isMachine = constraint === 'CONSTRAINT_NONE' && mechanism.startsWith('kernel-oom');
  if (!isMachine || (totalSwapKb !== null && totalSwapKb > 0)) return [];
  return [
    {
      where: FIXES.swap.where,
      lines: [
        'fallocate -l 1G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile',
        "echo '/swapfile none swap sw 0 0' >> /etc/fstab",
        'sysctl -w vm.swappiness=10',
      ],
    },
  ];
}

/** A database that died for others is put out of the kernel's reach, which a user's own manager has no right to. */
function protectFix({ culprit, name, unit, cgroup }: Kill): FixLine[] {
  if (culprit === null || programKind(name) !== 'mysql' || isOfUsersManager(cgroup)) return [];
  return [
    {
      where: named(FIXES.protect.where, unit ?? 'mariadb.service'),
      lines: ['[Service]', 'OOMScoreAdjust=-600'],
    },
  ];
}

function named(text: Text, unit: string): Text {
  return { en: text.en.replace('{unit}', unit), zh: text.zh.replace('{unit}', unit) };
}
