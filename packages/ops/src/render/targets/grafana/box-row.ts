import type { Watched } from '../prometheus/watched.ts';
import type { Chart, RowMaker } from './chart.ts';
import { meanings } from './grafana-meanings.ts';

const DISKS = '{fstype=~"ext[234]|xfs|btrfs|f2fs|zfs|overlay|vfat"}';
const OUTSIDE = '{device!~"lo|docker.*|br-.*|veth.*|virbr.*|ifb.*|tun.*|wg.*"}';

/** The whole box, as node_exporter sees it. */
export const boxRow: RowMaker = (watched) =>
  watched.hasNodeExporter
    ? [
        {
          title: { en: 'The box', zh: '整机' },
          charts: [cpu, available(watched), disk, bandwidth(watched), pressure, swapping],
        },
      ]
    : [];

const cpu: Chart = {
  title: { en: 'CPU', zh: 'CPU' },
  about: {
    en: 'By what it does. Steal is what the host took back: a burstable server without credits.',
    zh: '按用途。steal 是被宿主机收回的部分：突发型实例积分用完。',
  },
  unit: 'percentunit',
  isStacked: true,
  limit: { value: 0.9, meaning: meanings.cpu },
  queries: [{ expr: 'avg by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[5m]))', legend: '{{mode}}' }],
};

function available({ reserveBytes }: Watched): Chart {
  const limit =
    reserveBytes > 0
      ? {
          value: Math.floor((reserveBytes * 2) / 3),
          meaning: meanings.reserve,
          formula: `${reserveBytes} × 2 ÷ 3`,
          isFloor: true,
        }
      : undefined;
  return {
    title: { en: 'Memory that is available', zh: '可用内存' },
    about: { en: 'Free, and what the kernel can give back at once.', zh: '空闲的，加上内核能立即归还的。' },
    unit: 'bytes',
    ...(limit === undefined ? {} : { limit }),
    queries: [{ expr: 'node_memory_MemAvailable_bytes', legend: '{{box}}' }],
  };
}

const disk: Chart = {
  title: { en: 'Disks', zh: '磁盘' },
  about: { en: 'Share in use, of room and of files (inodes).', zh: '空间与文件数（inode）的使用比例。' },
  unit: 'percentunit',
  limit: { value: 0.8, meaning: meanings.disk },
  queries: [
    {
      expr: `1 - node_filesystem_avail_bytes${DISKS} / node_filesystem_size_bytes${DISKS}`,
      legend: '{{mountpoint}}',
    },
    {
      expr: `1 - node_filesystem_files_free${DISKS} / node_filesystem_files${DISKS}`,
      legend: 'inode {{mountpoint}}',
    },
  ],
};

function bandwidth({ bandwidthBitsPerSecond }: Watched): Chart {
  return {
    title: { en: 'Bandwidth', zh: '带宽' },
    about: { en: 'Sent and received.', zh: '发送与接收。' },
    unit: 'bps',
    ...(bandwidthBitsPerSecond === undefined
      ? {}
      : { limit: { value: bandwidthBitsPerSecond, meaning: meanings.bandwidth } }),
    queries: [
      {
        expr: `8 * sum by (box) (rate(node_network_transmit_bytes_total${OUTSIDE}[5m]))`,
        legend: { en: 'sent', zh: '发送' },
      },
      {
        expr: `8 * sum by (box) (rate(node_network_receive_bytes_total${OUTSIDE}[5m]))`,
        legend: { en: 'received', zh: '接收' },
      },
    ],
  };
}

const pressure: Chart = {
  title: { en: 'Waiting', zh: '等待' },
  about: {
    en: 'Share of the time in which somebody waits for CPU, disk or memory.',
    zh: '有进程在等 CPU、磁盘或内存的时间比例。',
  },
  unit: 'percentunit',
  queries: [
    { expr: 'rate(node_pressure_cpu_waiting_seconds_total[5m])', legend: 'CPU' },
    { expr: 'rate(node_pressure_io_waiting_seconds_total[5m])', legend: { en: 'disk', zh: '磁盘' } },
    { expr: 'rate(node_pressure_memory_waiting_seconds_total[5m])', legend: { en: 'memory', zh: '内存' } },
  ],
};

const swapping: Chart = {
  title: { en: 'Swapping', zh: '换页' },
  about: {
    en: 'Pages a second. What is read back was needed; what only goes out does no harm.',
    zh: '每秒页数。读回来的才是需要的，只换出没有坏处。',
  },
  unit: 'short',
  queries: [
    { expr: 'rate(node_vmstat_pswpin[5m])', legend: { en: 'read back', zh: '换入' } },
    { expr: 'rate(node_vmstat_pswpout[5m])', legend: { en: 'put out', zh: '换出' } },
  ],
};
