import { type Bytes, GiB, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { snapshotErrors } from './snapshot-errors.ts';

/** How one snapshot is taken. */
export interface SnapshotOptions {
  /** Where snapshots lie; `snapshots` in the folder where the process runs unless told. Made with 0700 if missing. */
  readonly folder?: string;
  /** How long the process may stand still; 5 s unless told: health checks of most load balancers forgive that much. */
  readonly maxBlockedMs?: Milliseconds;
  /** How many snapshots stay; 4 unless told: two pairs to compare. The oldest goes first. */
  readonly maxSnapshots?: number;
  /** Bytes of all snapshots together; 512 MiB unless told, 1 % of a small server's disk. */
  readonly maxTotalBytes?: Bytes;
  /** Room on the disk that others need; 1 GiB unless told. */
  readonly keepDiskFree?: Bytes;
  /** False keeps users' data in the file, readable for whoever may read it. True unless told. */
  readonly redact?: boolean;
}

export type ResolvedSnapshotOptions = Required<SnapshotOptions>;

const DEFAULTS: ResolvedSnapshotOptions = {
  folder: 'snapshots',
  maxBlockedMs: 5 * SECOND,
  maxSnapshots: 4,
  maxTotalBytes: 512 * MiB,
  keepDiskFree: GiB,
  redact: true,
};

/** Fills in defaults. @throws CodedError SNAPSHOT_OPTION_INVALID */
export function resolveSnapshotOptions(options: SnapshotOptions = {}): ResolvedSnapshotOptions {
  for (const option of Object.keys(options)) {
    if (!Object.hasOwn(DEFAULTS, option)) throw invalid('options', Object.keys(DEFAULTS).join(', '), option);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: ResolvedSnapshotOptions = { ...DEFAULTS, ...Object.fromEntries(given) };
  const { folder, redact, maxSnapshots } = resolved;
  if (typeof folder !== 'string' || folder === '' || folder.includes('\0')) {
    throw invalid('folder', 'a path', folder);
  }
  if (typeof redact !== 'boolean') throw invalid('redact', 'true or false', redact);
  if (!(Number.isInteger(maxSnapshots) && maxSnapshots >= 1 && maxSnapshots <= 100)) {
    throw invalid('maxSnapshots', '1–100', maxSnapshots);
  }
  for (const option of ['maxBlockedMs', 'maxTotalBytes', 'keepDiskFree'] as const) {
    const value = resolved[option];
    if (!(typeof value === 'number' && value >= 0)) throw invalid(option, '≥ 0', value);
  }
  return resolved;
}

function invalid(option: string, expected: string, actual: unknown): Error {
  return snapshotErrors.SNAPSHOT_OPTION_INVALID({
    data: { option, expected, actual: String(actual).slice(0, 60) },
  });
}
