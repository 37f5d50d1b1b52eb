import { MINUTE, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { DoctorSample } from '../../doctor/samples.ts';
import type { Kill } from '../kill.ts';
import { OomReader } from '../oom-reader.ts';
import { readAccessLine, TrafficCounter } from './access-log.ts';
import { availableMemory, buildTimeline, eventsOfLog, memoryOfKill } from './build-timeline.ts';
import { drawTimeline } from './draw-timeline.ts';
import { epochOf, isoInZone, momentOf, parseZone } from './moments.ts';
import { packageLine } from './package-lines.ts';
import type { Evidence } from './timeline.ts';

const AT = Date.parse('2026-05-01T03:12:07+08:00');
const CLOCK = { zoneMinutes: 480, bootedAtMs: null };
const AROUND = { beforeMs: 30 * MINUTE, afterMs: 15 * MINUTE };
const NOTHING: Evidence = { memory: [], available: null, events: [], traffic: [], sources: [], missing: [] };

function reportOf(...lines: readonly string[]) {
  const reader = new OomReader({ nowMs: AT });
  for (const line of lines) reader.read(line);
  return reader.report();
}

const KILL_LINE =
  'May  1 03:12:07 shop-1 kernel: Out of memory: Killed process 812 (node) total-vm:9kB, anon-rss:448000kB, file-rss:0kB';
const kill = reportOf(KILL_LINE).kills[0] as Kill;

function timelineOf(evidence: Partial<Evidence>) {
  return buildTimeline(kill, 0, momentOf(kill, CLOCK), AROUND, { ...NOTHING, ...evidence }, CLOCK);
}

describe('when it was', () => {
  it.each([
    ['2026-05-01T03:12:07+08:00', null, 'exact', AT],
    ['2026-05-01T03:12:07+0800', null, 'exact', AT],
    ['2026-04-30T19:12:07Z', null, 'exact', AT],
    ['2026-05-01T03:12:07', null, 'zone-assumed', AT],
    [null, 7, 'from-uptime', 7_000],
    ['2026-13-45T99:00:00', null, 'unknown', null],
  ])('is read of %s and %s: %s', (time, uptimeSeconds, clock, atMs) => {
    expect(momentOf({ time, uptimeSeconds }, { zoneMinutes: 480, bootedAtMs: 0 })).toEqual({ clock, atMs });
  });

  it('is not known of a log that counts seconds since a start nobody knows', () => {
    const moment = momentOf({ time: null, uptimeSeconds: 7 }, CLOCK);
    expect(moment).toEqual({ atMs: null, clock: 'unknown' });
    const timeline = buildTimeline(kill, 0, moment, AROUND, NOTHING, CLOCK);
    expect(drawTimeline(timeline, 'en')).toEqual([expect.stringContaining('not known')]);
    expect(drawTimeline(timeline, 'zh-CN')).toEqual([expect.stringContaining('无法得知')]);
  });

  it.each([
    ['+08:00', 480],
    ['+8', 480],
    ['-0530', -330],
    ['utc', 0],
    ['CST', undefined],
    ['+15:00', undefined],
  ])('is told for a zone %s', (text, minutes) => {
    expect(parseZone(text)).toBe(minutes);
  });

  it('is shown in the zone of the log', () => {
    expect(isoInZone(AT, 480)).toBe('2026-05-01T03:12:07+08:00');
    expect(isoInZone(AT, -330)).toBe('2026-04-30T13:42:07-05:30');
    expect(epochOf('2026-02-30T99:00:00', 0)).toBeNull();
  });
});

describe('traffic', () => {
  it.each([
    ['1.2.3.4 - - [01/May/2026:03:12:07 +0800] "GET / HTTP/1.1" 502 157 "-" "curl"', 502],
    ['1.2.3.4 - - [30/Apr/2026:19:12:07 +0000] "GET /\\x22 HTTP/1.1" 200 157', 200],
    ['shop.cn 1.2.3.4 - - [01/May/2026:03:12:07 +0800] "POST /a b HTTP/2.0" 304 - 0.001', 304],
    ['{"time":"2026-05-01T03:12:07+08:00","status":504,"uri":"/"}', 504],
    ['{"msec":"1777576327.000","status":"200"}', 200],
    ['{"level":30,"time":1777576327000,"worker":"w1","msg":"request","status":200,"ms":4}', 200],
  ])('is read of %s', (line, status) => {
    expect(readAccessLine(line)).toEqual({ atMs: AT, status });
  });

  it('is not read of what is no answer', () => {
    for (const line of ['', '{', '{"time":1}', 'x [01/Foo/2026:03:12:07 +0800] "GET /" 200 1', '" 200 1'])
      expect(readAccessLine(line)).toBeUndefined();
  });

  it('is counted by minute, of which no more than a day is kept', () => {
    const counter = new TrafficCounter();
    for (let minute = 0; minute < 2_000; minute += 1) counter.add({ atMs: minute * MINUTE, status: 503 });
    counter.add({ atMs: 1, status: 200 });
    expect(counter.minutes()).toHaveLength(1_440);
    expect(counter.minutes()[0]).toEqual({ atMs: 0, requests: 2, failed: 1 });
  });
});

it.each([
  ['2026-05-01 03:10:07 upgrade nginx:amd64 1.22 1.24', '2026-05-01T03:10:07', 'nginx', 'upgraded'],
  [
    '2026-05-01T03:10:07+0800 SUBDEBUG Installed: nginx-1.24.x86_64',
    '2026-05-01T03:10:07+0800',
    'nginx-1.24.x86_64',
    'installed',
  ],
  ['May 01 03:10:07 Updated: nginx-1.20.x86_64', '2026-05-01T03:10:07', 'nginx-1.20.x86_64', 'upgraded'],
])('a package that was changed is read of %s', (line, time, subject, did) => {
  expect(packageLine(line, 2026)).toMatchObject({ time, subject, text: { en: `${did}: {subject}` } });
});

it('packages that are only configured are none that were changed', () => {
  expect(packageLine('2026-05-01 03:10:07 status installed nginx:amd64 1.24', 2026)).toBeUndefined();
});

describe('the picture', () => {
  const samples: readonly DoctorSample[] = Array.from({ length: 46 }, (_, minute) => ({
    atMs: AT + (minute - 30) * MINUTE,
    memoryAvailableBytes: Math.max(1, 60 - minute) * 10 * MiB,
    services: { 'shop.service': (minute <= 30 ? 10 + minute : 10) * 10 * MiB, node: 7 * MiB },
    logs: {},
  }));
  const inUnit: Kill = { ...kill, unit: 'shop.service' };

  it('is of the service that died, by its unit, and of the one that had the memory', () => {
    expect(memoryOfKill(inUnit, samples, 's').map(({ name }) => name)).toEqual(['shop.service']);
    const culprit = { name: 'MainThread', pid: null, processes: 2, memoryKb: 1, score: null };
    expect(memoryOfKill({ ...inUnit, culprit }, samples, 's').map(({ name }) => name)).toEqual([
      'shop.service',
      'node',
    ]);
    expect(memoryOfKill({ ...kill, name: 'sshd' }, samples, 's')).toEqual([]);
  });

  it('shows memory, traffic and events over one line of time, the kill among them', () => {
    const report = reportOf(
      'May  1 02:00:00 shop-1 systemd[1]: Started long before.',
      'May  1 03:02:07 shop-1 CRON[5]: (root) CMD (/srv/report.sh)',
      KILL_LINE,
      'May  1 03:12:13 shop-1 systemd[1]: shop.service: Scheduled restart job, restart counter is at 1.',
    );
    const traffic = Array.from({ length: 40 }, (_, minute) => ({
      atMs: Math.floor(AT / MINUTE) * MINUTE + (minute - 30) * MINUTE,
      requests: 10 + minute,
      failed: minute > 30 && minute < 33 ? 5 : 0,
    }));
    const lines = drawTimeline(
      timelineOf({
        memory: memoryOfKill(inUnit, samples, 's'),
        available: availableMemory(samples, 's'),
        events: eventsOfLog(report.timeline, CLOCK, 'kern.log'),
        traffic,
        sources: ['kern.log'],
      }),
      'en',
    );
    expect(lines).toEqual([
      '30 min before it and 15 min after it (+08:00)',
      '       memory of shop.service  100 MiB → 100 MiB',
      expect.stringMatching(/^ {7}[▁-█]{60}$/),
      '       free memory of the machine  600 MiB → 150 MiB',
      expect.stringMatching(/^ {7}[▁-█]{60}$/),
      '       requests a minute  ≤ 49',
      expect.stringMatching(/^ {7}[▁-█ ]{1,60}$/),
      '       502, 503, 504 a minute  ≤ 5',
      expect.stringMatching(/^ {48}█+$/),
      expect.stringMatching(/^02:42 {2}─{26}1─{13}2─+ {2}03:27$/),
      '1 03:02:07  cron: (root) CMD (/srv/report.sh)',
      '2 03:12:13  restarted: shop.service',
      'the log tells no time zone: +08:00 is assumed; --zone says another',
      'read: kern.log',
    ]);
  });

  it('shows gaps between samples as what is not known', () => {
    const rare = samples.filter((_, minute) => minute % 10 === 0);
    const [, label, row] = drawTimeline(timelineOf({ memory: memoryOfKill(inUnit, rare, 's') }), 'zh-CN');
    expect(label).toContain('shop.service 的内存');
    expect(row).toMatch(/^ {7}([▁-█]·+)+[▁-█]?·*$/);
  });

  it('says so where nothing else is known', () => {
    expect(drawTimeline(timelineOf({}), 'en')).toContain('nothing else is known of that time');
  });

  it('keeps the nearest of many events, and says how many are further away', () => {
    const events = Array.from({ length: 500 }, (_, second) => ({
      atMs: AT - second * 3_000,
      kind: 'unit' as const,
      text: { en: 'e{subject}', zh: 'e{subject}' },
      data: { subject: second },
      source: 's',
    }));
    const timeline = timelineOf({ events: [...events, ...events] });
    expect(timeline.events).toHaveLength(60);
    expect(timeline.eventsLeftOut).toBe(440);
    expect(drawTimeline(timeline, 'en')).toContain('… 486 more, further away');
  });
});
