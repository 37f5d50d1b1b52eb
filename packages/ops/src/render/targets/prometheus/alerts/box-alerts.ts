import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';
import type { Watched } from '../watched.ts';

const ofBox =
  <Level>(...levels: readonly Level[]) =>
  ({ hasNodeExporter }: Watched): readonly Level[] =>
    hasNodeExporter ? levels : [];

/** Cards that lead out, not those of containers. */
const OUTSIDE = 'device!~"lo|docker.*|br-.*|veth.*|virbr.*|ifb.*|tun.*|wg.*"';

/** Of the whole box, as node_exporter sees it. */
export const boxAlerts: readonly AlertRule[] = [
  {
    name: 'BoxDown',
    measure: 'up{job="node"}',
    alarmsWhen: 'below',
    levels: ofBox({ severity: 'critical', limit: 1, forMinutes: 2 }),
    unit: 'number',
    summary: { en: 'The box {box} does not answer', zh: '机器 {box} 没有应答' },
    advice: {
      en: 'Can it be reached by SSH? If not: the console of the cloud. If so: systemctl status prometheus-node-exporter',
      zh: '能 SSH 登录吗？不能就看云控制台；能就看 systemctl status prometheus-node-exporter',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'node_exporter answers the scraper', zh: 'node_exporter 能应答采集' },
      explanation: {
        en: 'Two minutes are longer than a restart. A Prometheus on the box itself goes down with it: only one elsewhere can tell of this.',
        zh: '两分钟比重启更久。与应用同机的 Prometheus 会一起停掉，只有别处的才能报告这件事。',
      },
      source: SOURCES.event,
    },
    example: (value) => [steady('up{job="node"}', value)],
  },
  {
    name: 'BoxMemoryLow',
    measure: 'node_memory_MemAvailable_bytes',
    alarmsWhen: 'below',
    levels: ({ hasNodeExporter, reserveBytes }) =>
      hasNodeExporter && reserveBytes > 0
        ? [
            {
              severity: 'warning',
              limit: Math.floor((reserveBytes * 2) / 3),
              forMinutes: 5,
              formula: `${reserveBytes} × 2 ÷ 3`,
            },
            {
              severity: 'critical',
              limit: Math.floor(reserveBytes / 3),
              forMinutes: 1,
              formula: `${reserveBytes} ÷ 3`,
            },
          ]
        : [],
    unit: 'bytes',
    summary: { en: '{box}: only {value} of memory are available', zh: '{box}：可用内存只剩 {value}' },
    advice: {
      en: 'ps aux --sort=-rss | head, and compare with `maque plan`: who holds more than planned?',
      zh: '用 ps aux --sort=-rss | head 对照 `maque plan`，看谁超出了规划',
    },
    guide: GUIDE.budget,
    meaning: {
      short: {
        en: 'two thirds, and one third, of the reserve of the plan',
        zh: '规划预留内存的三分之二与三分之一',
      },
      explanation: {
        en: 'The plan leaves a reserve for the page cache and for bursts. When a third of it is gone, some service holds more than it was given; with one third left the box begins to crawl.',
        zh: '规划为页缓存和突发留了预留。用掉三分之一，说明有服务超出份额；只剩三分之一时机器开始变慢。',
      },
      source: SOURCES.plan,
    },
    example: (value) => [steady('node_memory_MemAvailable_bytes', value)],
  },
  {
    name: 'BoxMemoryStall',
    measure: 'rate(node_pressure_memory_stalled_seconds_total[5m])',
    alarmsWhen: 'above',
    levels: ofBox(
      { severity: 'warning', limit: 0.05, forMinutes: 5 },
      { severity: 'critical', limit: 0.2, forMinutes: 2 },
    ),
    unit: 'share',
    summary: {
      en: '{box}: everything waits for memory {value} of the time',
      zh: '{box}：{value} 的时间里所有进程都在等内存',
    },
    advice: {
      en: 'End what is not needed before the kernel chooses; then `maque doctor`',
      zh: '先停掉不需要的程序，别等内核来选；再运行 `maque doctor`',
    },
    guide: GUIDE.doctor,
    meaning: {
      short: {
        en: 'share of time in which all waited for memory (PSI full)',
        zh: '所有进程等内存的时间比例（PSI full）',
      },
      explanation: {
        en: 'The earliest honest sign of too little memory: free memory may be low for good reasons, waiting for it never is.',
        zh: '内存不足最早的可靠信号：空闲少可能有正当原因，等待内存则没有。',
      },
      source: SOURCES.doctor,
    },
    example: (value) => [rising('node_pressure_memory_stalled_seconds_total', value * 60)],
  },
  {
    name: 'BoxSwapping',
    measure: 'rate(node_vmstat_pswpin[5m])',
    alarmsWhen: 'above',
    levels: ofBox(
      { severity: 'warning', limit: 100, forMinutes: 10 },
      { severity: 'critical', limit: 1_000, forMinutes: 5 },
    ),
    unit: 'number',
    summary: {
      en: '{box}: reads {value} pages a second back from swap',
      zh: '{box}：每秒从交换空间读回 {value} 页',
    },
    advice: {
      en: 'Memory in daily use lies on the disk: too much is running. vmstat 5 shows it going on',
      zh: '日常要用的内存被换到了磁盘上：跑的东西太多。用 vmstat 5 观察',
    },
    guide: GUIDE.budget,
    meaning: {
      short: { en: 'pages read back from swap a second', zh: '每秒换入的页数' },
      explanation: {
        en: 'What lies in swap and is never asked for costs nothing. What is read back is needed: at 100 pages a second the disk is busy with it, at 1000 nothing else moves.',
        zh: '换出后不再使用的内存没有代价。被读回的才是需要的：每秒 100 页磁盘就忙于此，1000 页时其他都动不了。',
      },
      source: SOURCES.doctor,
    },
    example: (value) => [rising('node_vmstat_pswpin', value * 60)],
  },
  {
    name: 'BoxOomKill',
    measure: 'increase(node_vmstat_oom_kill[15m])',
    alarmsWhen: 'above',
    levels: ofBox({ severity: 'critical', limit: 0, forMinutes: 0 }),
    unit: 'number',
    summary: { en: '{box}: the kernel killed for want of memory', zh: '{box}：内存耗尽，内核杀死了进程' },
    advice: {
      en: '`maque oom` tells who died, who ate it, and what to change',
      zh: '`maque oom` 会说明谁被杀、谁占用、该改什么',
    },
    guide: GUIDE.afterKill,
    meaning: {
      short: { en: 'processes that the kernel killed, in 15 minutes', zh: '15 分钟内被内核杀死的进程' },
      explanation: {
        en: 'Each kill is a service that lost what it was doing.',
        zh: '每杀一个进程，就有一个服务丢掉正在做的事。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('node_vmstat_oom_kill', value)],
  },
  {
    name: 'BoxUnitFailed',
    measure: 'node_systemd_unit_state{state="failed"}',
    alarmsWhen: 'above',
    levels: ofBox({ severity: 'warning', limit: 0, forMinutes: 5 }),
    unit: 'number',
    summary: { en: '{box}: {name} has failed', zh: '{box}：{name} 运行失败' },
    advice: {
      en: 'systemctl --failed, and journalctl -u with its name; after mending: systemctl reset-failed',
      zh: '查看 systemctl --failed 与 journalctl -u 单元名；修好后执行 systemctl reset-failed',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'units that systemd has given up', zh: 'systemd 已放弃的单元数' },
      explanation: {
        en: 'A nightly backup that failed, a certificate that was not renewed, a service that was started too often: nothing else tells of them. node_exporter of Debian and Ubuntu shows units by itself, others with --collector.systemd.',
        zh: '夜间备份失败、证书没有续上、服务反复启动后被放弃：除此之外没有人会报告。Debian 与 Ubuntu 的 node_exporter 默认采集单元状态，其他发行版需加 --collector.systemd。',
      },
      source: SOURCES.event,
    },
    example: (value) => [steady('node_systemd_unit_state{name="shop-dump.service",state="failed"}', value)],
  },
  {
    name: 'BoxCpuBusy',
    measure: '1 - avg without (cpu, mode) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
    alarmsWhen: 'above',
    levels: ofBox({ severity: 'warning', limit: 0.9, forMinutes: 15 }),
    unit: 'share',
    summary: { en: '{box}: the CPU is {value} busy', zh: '{box}：CPU 占用 {value}' },
    advice: {
      en: 'top: is it the app, the database, or something that does not belong there?',
      zh: '用 top 看：是应用、数据库，还是不该在这里的程序？',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'share of CPU time in use', zh: 'CPU 时间的使用比例' },
      explanation: {
        en: 'A backup may fill the CPU for minutes. A quarter of an hour at 90 % leaves nothing for the evening peak.',
        zh: '备份可能让 CPU 忙几分钟。一刻钟都在 90% 以上，晚高峰就没有余量了。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [rising('node_cpu_seconds_total{cpu="0",mode="idle"}', (1 - value) * 60)],
  },
  {
    name: 'BoxCpuStolen',
    measure: 'avg without (cpu, mode) (rate(node_cpu_seconds_total{mode="steal"}[15m]))',
    alarmsWhen: 'above',
    levels: ofBox({ severity: 'warning', limit: 0.1, forMinutes: 15 }),
    unit: 'share',
    summary: {
      en: '{box}: the host keeps {value} of the CPU time back',
      zh: '{box}：宿主机扣下了 {value} 的 CPU 时间',
    },
    advice: {
      en: 'A burstable server that has used up its credits, or a crowded host: another kind of server helps, tuning does not',
      zh: '突发型实例的积分用完，或宿主机太挤：换实例类型才有用，调优没用',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'share of CPU time that the host gave to others', zh: '被宿主机分给别人的 CPU 时间比例' },
      explanation: {
        en: 'The cheapest servers promise a tenth or a fifth of a core and lend the rest. Steal is what they take back.',
        zh: '最便宜的实例只保证十分之一或五分之一核，其余是借的。steal 就是被收回的部分。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [rising('node_cpu_seconds_total{cpu="0",mode="steal"}', value * 60)],
  },
  {
    name: 'BoxBandwidthFull',
    measure: `8 * sum without (device) (rate(node_network_transmit_bytes_total{${OUTSIDE}}[5m]))`,
    alarmsWhen: 'above',
    levels: ({ hasNodeExporter, bandwidthBitsPerSecond }) =>
      hasNodeExporter && bandwidthBitsPerSecond !== undefined
        ? [
            {
              severity: 'warning',
              limit: Math.floor(bandwidthBitsPerSecond * 0.85),
              forMinutes: 10,
              formula: `${bandwidthBitsPerSecond} × 0.85`,
            },
          ]
        : [],
    unit: 'number',
    summary: {
      en: '{box}: sends {value} bit/s, nearly all of its bandwidth',
      zh: '{box}：每秒发送 {value} 比特，带宽即将用满',
    },
    advice: {
      en: 'Pictures and files belong to object storage and a CDN; then gzip, then more bandwidth',
      zh: '图片和文件放到对象存储与 CDN；其次开启 gzip，再考虑加带宽',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: '85 % of the bandwidth that was bought', zh: '所购带宽的 85%' },
      explanation: {
        en: 'The cloud throttles at the bought bandwidth: answers then take seconds while memory and CPU look idle. Small boxes run out of this first.',
        zh: '云厂商按所购带宽限速：这时 CPU 与内存都很闲，应答却要几秒。小机器最先用完的往往是带宽。',
      },
      source: SOURCES.plan,
    },
    example: (value) => [rising('node_network_transmit_bytes_total{device="eth0"}', (value / 8) * 60)],
  },
  {
    name: 'BoxClock',
    measure: 'node_timex_sync_status',
    alarmsWhen: 'below',
    levels: ofBox({ severity: 'warning', limit: 1, forMinutes: 15 }),
    unit: 'number',
    summary: { en: '{box}: nobody sets its clock', zh: '{box}：时钟没有同步' },
    advice: {
      en: 'timedatectl; apt-get install chrony',
      zh: '先看 timedatectl，没有同步服务就 apt-get install chrony',
    },
    guide: GUIDE.doctor,
    meaning: {
      short: { en: 'the kernel knows that its clock is synchronised', zh: '内核确认时钟已同步' },
      explanation: {
        en: 'A clock that nobody sets drifts by seconds a day; signatures of WeChat Pay are good for five minutes.',
        zh: '没人校准的时钟每天漂移数秒；微信支付的签名只有五分钟有效。',
      },
      source: SOURCES.doctor,
    },
    example: (value) => [steady('node_timex_sync_status', value)],
  },
];
