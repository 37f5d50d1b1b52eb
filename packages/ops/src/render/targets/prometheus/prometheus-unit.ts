import { type Bytes, MiB } from '@maque/kit';
import type { PlannedWatcher } from '../../../plan/box/planned-service.ts';
import { inMiB } from '../../../plan/in-mebibytes.ts';
import { because, type ConfigEntry, numbered } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { unitDropIn } from '../unit/unit-drop-in.ts';
import { goLimitLine } from './go-limit.ts';
import { meanings } from './prometheus-meanings.ts';

const OPEN_FILES = 65_535;
const RESTART_SECONDS = 5;
const RETENTION_DAYS = 15;
const QUERIES_AT_ONCE = 2;
const MOST_SAMPLES = 5_000_000;

/** Of the disk, and in which bounds. */
const DISK_PART = 20;
const LEAST_MB = 256;
const MOST_MB = 2_048;
/** Where the size of the disk was not told. */
const USUAL_MB = 512;

/** What is added to the unit of Debian's package: limits, and flags that keep it small. */
export function prometheusUnit(
  planned: PlannedWatcher,
  diskBytes: Bytes | undefined,
  { language }: RenderOptions,
): RenderedFile {
  return unitDropIn(
    {
      unit: 'prometheus.service',
      target: 'prometheus',
      planned,
      meanings,
      openFiles: OPEN_FILES,
      restartSeconds: RESTART_SECONDS,
      more: [goLimitLine(meanings.gomemlimit, planned), ...startLines(diskBytes)],
    },
    language,
  );
}

/** systemd passes over comments between lines that go on. */
function startLines(diskBytes: Bytes | undefined): readonly ConfigEntry[] {
  const size = retentionMb(diskBytes);
  const formula = diskBytes === undefined ? '' : `${inMiB(diskBytes)} MiB ÷ ${DISK_PART}`;
  return [
    because(
      {
        en: "The unit of Debian's package with its flags in full; on another distribution compare with `systemctl cat prometheus`",
        zh: '按 Debian 软件包的单元写出全部参数；其他发行版请对照 `systemctl cat prometheus`',
      },
      'ExecStart=',
      'ExecStart=/usr/bin/prometheus --config.file=/etc/prometheus/prometheus.yml \\',
      '    --storage.tsdb.path=/var/lib/prometheus/metrics2/ --web.listen-address=127.0.0.1:9090 \\',
    ),
    numbered(meanings.retention_time, '', `    --storage.tsdb.retention.time=${RETENTION_DAYS}d \\`),
    numbered(meanings.retention_size, formula, `    --storage.tsdb.retention.size=${size}MB \\`),
    numbered(meanings.query_concurrency, '', `    --query.max-concurrency=${QUERIES_AT_ONCE} \\`),
    numbered(meanings.query_samples, '', `    --query.max-samples=${MOST_SAMPLES}`),
  ];
}

/** Prometheus reads MB as 1024 × 1024. */
function retentionMb(diskBytes: Bytes | undefined): number {
  if (diskBytes === undefined) return USUAL_MB;
  return Math.min(MOST_MB, Math.max(LEAST_MB, Math.floor(diskBytes / DISK_PART / MiB)));
}
