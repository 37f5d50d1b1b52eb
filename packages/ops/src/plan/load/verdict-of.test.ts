import { GiB, MiB, say } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import type { PlanRequest } from '../box/box-request.ts';
import { planBox } from '../box/plan-box.ts';
import { reportOn } from '../present/box-report.ts';
import { VERDICTS } from './capacity.ts';
import { REASONS } from './verdict-reasons.ts';

function judge(change: Partial<PlanRequest>) {
  const { verdict } = reportOn(planBox({ ...shopRequest(), ...change }));
  return { verdict: verdict.verdict, codes: verdict.reasons.map(({ code }) => code), all: verdict.reasons };
}

const { box, services } = shopRequest();
const roomy = { ...box, bandwidthBitsPerSecond: 100e6, diskBytes: 200 * GiB, swapBytes: GiB };
const calibration = { measuredAt: '2026-01-01T00:00:00Z', cpuMicrosPerRequest: 200 };

describe('the verdict', () => {
  it('says why a heap of 1536 MiB, which every tutorial has, is none for 2 GiB', () => {
    const pm2 = { kind: 'node', name: 'api', keptBy: 'pm2', oldSpaceMb: 1536 } as const;
    for (const workers of [1, 2]) {
      const { verdict, codes, all } = judge({
        services: [
          { ...pm2, workers },
          { kind: 'mysql', name: 'mysql' },
        ],
      });
      expect({ verdict, codes }).toEqual({
        verdict: 'do-not',
        codes: ['DOES_NOT_FIT', 'HEAP_TOLD_TOO_LARGE'],
      });
      expect(say(all[1]?.text ?? { en: '', zh: '' }, 'en', all[1]?.data)).toContain(`(${workers} × 1.5 GiB)`);
    }
    expect(judge({ services: [{ ...pm2, oldSpaceMb: 480, workers: 2 }], box: roomy }).codes).not.toContain(
      'HEAP_TOLD_TOO_LARGE',
    );
  });

  it('is fine where all is known and there is room', () => {
    expect(judge({ box: roomy, load: { program: 'shop', dau: 3_000 }, calibration })).toEqual({
      verdict: 'fine',
      codes: [],
      all: [],
    });
  });

  it('is do not where the line is too narrow, and says by how much', () => {
    const { verdict, all } = judge({ load: { program: 'shop', dau: 5_000 } });
    expect(verdict).toBe('do-not');
    expect(all[0]).toMatchObject({ code: 'QPS_OVER', data: { peak: '33.3', capacity: '27.9' } });
    const [first] = all;
    expect(first === undefined ? '' : say(first.text, 'zh-CN', first.data)).toBe(
      '高峰每秒 33.3 个请求，而带宽只撑得住 27.9 个',
    );
  });

  it('is with care near the edge', () => {
    expect(judge({ load: { program: 'shop', dau: 3_500 } })).toMatchObject({
      verdict: 'with-care',
      codes: ['QPS_NEAR', 'NOT_CALIBRATED'],
    });
  });

  it('is do not for what does not fit', () => {
    expect(judge({ box: { ...box, memoryBytes: 500 * MiB } })).toMatchObject({
      verdict: 'do-not',
      codes: ['DOES_NOT_FIT'],
    });
  });
});

describe('the grounds', () => {
  it.each<[string, Partial<PlanRequest>]>([
    ['SOCKETS_OVER', { load: { program: 'chat', dau: 10, sockets: 5_000 } }],
    ['DISK_SOON_FULL', { load: { program: 'community', dau: 9_000 }, box: { ...roomy, diskBytes: GiB } }],
    ['DISK_FULL', { load: { program: 'community', dau: 5_000 }, box: { ...roomy, diskBytes: 40 * GiB } }],
    ['NO_SWAP', { box: { ...roomy, swapBytes: 0 } }],
    ['ONE_CORE_WITH_DATABASE', { box: { ...roomy, cores: 1 } }],
    ['LIVE_VIDEO', { load: { program: 'live', dau: 100 } }],
    ['PAYMENTS_ONE_BOX', { load: { program: 'shop', dau: 100, payments: true } }],
    ['DAU_ASSUMED', { load: { program: 'shop' } }],
    ['BANDWIDTH_UNKNOWN', { box: { ...box, bandwidthBitsPerSecond: undefined } }],
    ['DISK_UNKNOWN', { box: { ...box, diskBytes: undefined } }],
    ['NOT_CALIBRATED', { calibration: undefined }],
    [
      'SYNC_WORKERS',
      { services: [{ kind: 'python', name: 'api', server: 'gunicorn', workers: 2 }, ...services.slice(2)] },
    ],
    [
      'JAVA_BESIDE_DATABASE',
      {
        services: [{ kind: 'java', name: 'api', framework: 'tomcat', heapMb: 128 }, ...services.slice(2)],
      },
    ],
  ])('%s', (code, change) => {
    expect(judge(change).codes).toContain(code);
  });

  it('do not hold where there is room for both', () => {
    const java = { kind: 'java', name: 'api', framework: 'spring-boot' } as const;
    const change = { services: [java, { kind: 'mysql', name: 'mysql' }] as const };
    expect(judge({ ...change, box: { ...roomy, memoryBytes: 8 * GiB } }).codes).not.toContain(
      'JAVA_BESIDE_DATABASE',
    );
  });

  it('stand worst first, make the verdict, and are filled in both languages', () => {
    const weights = ['do-not', 'with-care', 'note'];
    fc.assert(
      fc.property(planRequests(), (request) => {
        const { verdict, reasons } = reportOn(planBox(request)).verdict;
        const order = reasons.map(({ weight }) => weights.indexOf(weight));
        expect(order).toEqual([...order].sort());
        expect(verdict).toBe(
          VERDICTS.findLast((each) => reasons.some(({ weight }) => weight === each)) ?? 'fine',
        );
        for (const { code, text, data } of reasons) {
          expect(REASONS).toHaveProperty(code);
          expect(say(text, 'en', data) + say(text, 'zh-CN', data)).not.toMatch(/\{|NaN|Infinity|undefined|∞/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
