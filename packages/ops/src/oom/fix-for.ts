import { MiB, type Text } from '@maque/kit';
import type { FixLine } from '../findings/finding.ts';
import { heapFlagsWithin } from '../plan/components/worker-heap.ts';
import type { Kill } from './kill.ts';
import { type ProgramKind, programKind } from './program-kinds.ts';

const WHERE = {
  nodeFlags: {
    en: 'start Node with a heap that fits, so that V8 collects before the kernel kills',
    zh: '给 Node 设置装得下的堆上限,让 V8 先回收',
  },
  javaFlags: { en: 'start Java with', zh: 'Java 启动参数' },
  mysql: {
    en: '/etc/mysql/conf.d/small-box.cnf, then restart',
    zh: '/etc/mysql/conf.d/small-box.cnf,然后重启',
  },
  redis: { en: '/etc/redis/redis.conf, then restart', zh: '/etc/redis/redis.conf,然后重启' },
  python: {
    en: 'start Gunicorn with fewer workers that are replaced now and then',
    zh: '减少 Gunicorn 工作进程并定期轮换',
  },
  php: { en: 'in the pool of php-fpm', zh: 'php-fpm 的 pool 配置' },
  swap: { en: 'add swap for short peaks', zh: '添加交换空间以应对短暂峰值' },
  protect: {
    en: 'systemctl edit {unit}: the kernel takes others first',
    zh: 'systemctl edit {unit}:让内核先选择其他进程',
  },
  group: {
    en: 'systemctl edit {unit}: more room, if the machine has it',
    zh: 'systemctl edit {unit}:若整机有余量,提高上限',
  },
  leak: { en: 'let it be watched: whether it leaks, and what', zh: '监视它:是否泄漏、泄漏了什么' },
  look: { en: 'who has the memory now', zh: '查看当前谁占用内存' },
} as const satisfies Record<string, Text>;

/** What a Node process takes beside its heap at most, with a database client (measured on Node 24, 56 runs). */
const NODE_BESIDE_HEAP_MIB = 85;
/** A quarter of the usual small box, where the log does not tell what there is. */
const ASSUMED_ROOM_MIB = 512;
const LEAST_JAVA_HEAP_MIB = 64;
/** Of a machine, what one program may be given where nothing else is known: half. */
const MACHINE_SHARE = 0.5;
/** A JVM's memory beside its heap: metaspace, code cache, threads, collector (measured: 65 to 110 MiB). */
const JAVA_BESIDE_HEAP_MIB = 110;

/** The lines that would have prevented this kill, most useful first. */
export function fixFor(kill: Kill): FixLine[] {
  const culprit = kill.culprit?.name ?? kill.name;
  const kind = programKind(culprit);
  const limitMib = roomOf(kill);
  return [
    ...programFix(kind, limitMib),
    ...(kind === 'node' || kill.mechanism === 'v8-heap-limit'
      ? [{ where: WHERE.leak, lines: ['npx maque run server.js'] }]
      : []),
    ...groupFix(kill),
    ...swapFix(kill),
    ...protectFix(kill),
  ];
}

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
      return [{ where: WHERE.nodeFlags, lines: [`NODE_OPTIONS="${flags}"`] }];
    }
    case 'java': {
      const heap = Math.max(
        LEAST_JAVA_HEAP_MIB,
        Math.floor((room ?? ASSUMED_ROOM_MIB) - JAVA_BESIDE_HEAP_MIB),
      );
      return [
        {
          where: WHERE.javaFlags,
          lines: [`-Xmx${heap}m -Xss512k -XX:+UseSerialGC -XX:ReservedCodeCacheSize=64m`],
        },
      ];
    }
    case 'mysql':
      return [
        {
          where: WHERE.mysql,
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
      return [{ where: WHERE.redis, lines: ['maxmemory 96mb', 'maxmemory-policy allkeys-lru'] }];
    case 'python':
      return [
        {
          where: WHERE.python,
          lines: ['gunicorn --workers 2 --max-requests 1000 --max-requests-jitter 200 …'],
        },
      ];
    case 'php':
      return [{ where: WHERE.php, lines: ['pm = ondemand', 'pm.max_children = 5', 'pm.max_requests = 500'] }];
    case 'other':
      return [{ where: WHERE.look, lines: ['ps -eo pid,rss,comm --sort=-rss | head'] }];
  }
}

function groupFix({ constraint, unit, limitKb }: Kill): FixLine[] {
  if (constraint !== 'CONSTRAINT_MEMCG' || unit?.endsWith('.service') !== true) return [];
  const more = limitKb === null ? '512M' : `${Math.ceil((limitKb * 1.5) / 1_024)}M`;
  return [{ where: named(WHERE.group, unit), lines: ['[Service]', `MemoryMax=${more}`] }];
}

function swapFix({ constraint, totalSwapKb, mechanism }: Kill): FixLine[] {
  const isMachine = constraint === 'CONSTRAINT_NONE' && mechanism.startsWith('kernel-oom');
  if (!isMachine || (totalSwapKb !== null && totalSwapKb > 0)) return [];
  return [
    {
      where: WHERE.swap,
      lines: [
        'fallocate -l 1G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile',
        "echo '/swapfile none swap sw 0 0' >> /etc/fstab",
        'sysctl -w vm.swappiness=10',
      ],
    },
  ];
}

/** A database that died for others is put out of the kernel's reach. */
function protectFix({ culprit, name, unit }: Kill): FixLine[] {
  if (culprit === null || programKind(name) !== 'mysql') return [];
  return [
    { where: named(WHERE.protect, unit ?? 'mariadb.service'), lines: ['[Service]', 'OOMScoreAdjust=-600'] },
  ];
}

function named(text: Text, unit: string): Text {
  return { en: text.en.replace('{unit}', unit), zh: text.zh.replace('{unit}', unit) };
}
