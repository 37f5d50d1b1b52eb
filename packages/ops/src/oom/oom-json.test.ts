import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { logNames, reportOf, textOfLog } from '../../testing/recorded-oom.ts';
import { oomJson, writeOomJson } from './oom-json.ts';
import { OomReader } from './oom-reader.ts';
import { oomSchema } from './oom-schema.ts';
import type { Timeline } from './timeline/timeline.ts';

const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(oomSchema);

const timeline: Timeline = {
  kill: 0,
  clock: 'exact',
  atMs: 1_777_575_127_000,
  fromMs: 1_777_573_327_000,
  toMs: 1_777_576_027_000,
  zoneMinutes: 480,
  memory: [{ name: 'shop.service', source: 's', points: [{ atMs: 1_777_575_000_000, bytes: 9 }] }],
  available: null,
  events: [
    { atMs: 1_777_575_000_000, kind: 'cron', text: { en: '{a}', zh: '{a}' }, data: { a: 1 }, source: 's' },
  ],
  eventsLeftOut: 0,
  traffic: [{ atMs: 1_777_575_000_000, requests: 7, failed: 1 }],
  sources: ['s'],
  missing: [{ what: { en: 'x', zh: 'x' }, reason: { en: 'y', zh: 'y' }, data: {} }],
};

it('what is printed of every log is as the published schema says', () => {
  for (const name of logNames()) {
    const report = reportOf(textOfLog(name));
    const written = [...writeOomJson(report, 'zh-CN', [timeline])].join('\n');
    expect(written).toBe(JSON.stringify(oomJson(report, 'zh-CN', [timeline]), null, 2));
    const data = JSON.parse(written);
    expect(validate(data), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
    expect(validate({ ...data, more: 1 })).toBe(false);
    expect(validate({ ...data, timelines: [{ ...data.timelines[0], clock: 'sundial' }] })).toBe(false);
  }
});

it('times of a timeline have the zone in which they are shown', () => {
  const { timelines } = oomJson(new OomReader({ nowMs: 0 }).report(), 'en', [timeline]);
  expect(timelines[0]).toMatchObject({
    time: '2026-05-01T02:52:07+08:00',
    from: '2026-05-01T02:22:07+08:00',
    events: [{ message: '1', kind: 'cron' }],
  });
});
