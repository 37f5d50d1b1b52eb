import { type Bytes, MiB } from '@maque/kit';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import { numbered, writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import type { RenderTarget } from '../target.ts';
import { meanings } from './journald/meanings.ts';

const PATH = '/etc/systemd/journald.conf.d/99-zz-maque-plan.conf';
const USUAL_MB = 200;
const DISK_SHARE = 0.01;
const LEAST_MB = 64;
const MOST_MB = 500;
const FILES = 10;

/** Limits of the system's journal. */
export const journald: RenderTarget = {
  name: 'journald',
  summary: { en: "How much the system's journal may keep", zh: '系统日志（journal）的上限' },
  belongsTo: 'server',
  meanings,
  render(plan, { language }) {
    const { megabytes, formula } = sizeOf(plan);
    const lines = [
      headOf('journald', language),
      '[Journal]',
      numbered(meanings.SystemMaxUse, formula, `SystemMaxUse=${megabytes}M`),
      numbered(
        meanings.SystemMaxFileSize,
        `${megabytes} ÷ ${FILES}`,
        `SystemMaxFileSize=${Math.floor(megabytes / FILES)}M`,
      ),
      numbered(meanings.RuntimeMaxUse, '', 'RuntimeMaxUse=32M'),
      numbered(meanings.MaxRetentionSec, '', 'MaxRetentionSec=60day'),
      numbered(meanings.RateLimitBurst, '30 × 100', 'RateLimitIntervalSec=30s', 'RateLimitBurst=3000'),
    ];
    return [
      {
        target: 'journald',
        path: PATH,
        content: writeConfig(lines, language),
        apply: ['systemctl', 'restart', 'systemd-journald'],
      },
    ];
  },
};

function sizeOf({ request: { box } }: BoxPlan): { readonly megabytes: number; readonly formula: string } {
  if (box.diskBytes === undefined) return { megabytes: USUAL_MB, formula: '' };
  const share = inMiB(DISK_SHARE * box.diskBytes);
  const megabytes = Math.min(MOST_MB, Math.max(LEAST_MB, share));
  return { megabytes, formula: `${DISK_SHARE} × ${inMiB(box.diskBytes)} MiB, ${LEAST_MB}–${MOST_MB}` };
}

function inMiB(bytes: Bytes): number {
  return Math.floor(bytes / MiB);
}
