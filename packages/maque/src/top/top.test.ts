import type { ProcessStatus, SystemStatus } from '@maque/contract';
import { MiB } from '@maque/kit';
import { displayWidth } from '@maque/ops';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitText } from './fit-text.ts';
import { renderTop, type TopView } from './render-top.ts';
import { initialTop, pressKey, type TopKey, type TopState, withNews } from './top-state.ts';

const box = { limit: 2048 * MiB, used: 1024 * MiB, stall: 0.031, swapFree: 0, swapUsed: 5 * MiB };

function processOf(id: string, facts: Partial<ProcessStatus> = {}): ProcessStatus {
  return {
    id,
    role: id === 'keeper' ? 'keeper' : 'worker',
    pid: 4121,
    state: 'ready',
    startedAt: '2026-11-20T01:00:00.000Z',
    restarts: 3,
    rss: 118 * MiB,
    pss: 90 * MiB,
    budget: 100 * MiB,
    heapUsed: 56 * MiB,
    heapLimit: 112 * MiB,
    external: 4 * MiB,
    heapFloor: 33 * MiB,
    leak: null,
    loopDelayP99Ms: 11.3,
    loopUtilization: 0.2,
    requestsPerSecond: 1151.4,
    p50Ms: 1.2,
    p99Ms: 12_345,
    activeRequests: 3,
    ...facts,
  };
}

function statusOf(...processes: ProcessStatus[]): SystemStatus {
  return { at: '2026-11-20T03:00:00.000Z', budget: 512 * MiB, used: 86 * MiB, processes };
}

function topWith(status: SystemStatus, events: TopState['events'] = []): TopState {
  return withNews(initialTop(box), { status, events, box });
}

const view: TopView = { columns: 79, rows: 24, language: 'en', style: (_, text) => text };

const leak = {
  pool: 'heap',
  verdict: 'leaking',
  probability: 0.967,
  bytesPerSecond: MiB / 2,
  timeToLimitMs: 840_000,
} as const;

describe('the picture', () => {
  it('has everything of each process in 79 columns', () => {
    const state = topWith(statusOf(processOf('keeper'), processOf('w1', { leak })));
    const lines = renderTop(state, view);
    expect(lines[2]).toBe('box     1 GiB of 2 GiB available  swap 5 MiB  memory stall 3.1 %');
    expect(lines[4]).toMatch(/^ process state +memory of budget +req\/s +p99 +restarts +loop +p50$/);
    expect(lines[6]).toMatch(/^>w1 +ready +\[#####\] +90 \/ 100 MiB +1151.4 12.3 s +3 11.3ms +1.2ms$/);
    expect(lines[8]).toMatch(/^w1: the JS heap leaks, 30 MiB a minute; 97 % likely/);
    expect(lines.at(-1)).toBe('q quit   r recycle w1   up/down choose');
  });

  it('fits the screen, however small that is and whatever is told', () => {
    const event = fc.record({
      seq: fc.nat(),
      at: fc.constant('2026-11-20T03:00:00.000Z'),
      code: fc.constant('WORKER_FAILED' as const),
      data: fc.record({
        worker: fc.constant('w1'),
        message: fc.string({ unit: fc.constantFrom('麻', 'x', ' ') }),
      }),
    });
    const sizes = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(
        sizes,
        fc.array(event),
        fc.constantFrom('en', 'zh-CN'),
        ([columns, rows], events, language) => {
          const state = topWith(
            statusOf(processOf('keeper'), processOf('w1', { leak }), processOf('w2')),
            events,
          );
          const lines = renderTop(state, { ...view, columns, rows, language });
          expect(lines).toHaveLength(rows);
          // Narrower than its two first columns and the bar the table is cut off by the terminal.
          if (columns >= 50)
            for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  it('shows a place without a process', () => {
    const vacant = processOf('w1', { state: 'failed', pid: 0, rss: 0, pss: null, requestsPerSecond: null });
    expect(renderTop(topWith(statusOf(vacant)), view)[5]).toMatch(
      /^>w1 +failed +\[-----\] +0 \/ 100 MiB +- /,
    );
  });
});

describe('keys', () => {
  const press = (state: TopState, ...keys: TopKey[]) =>
    keys.reduce((outcome, key) => pressKey(outcome.state, key), { state } as ReturnType<typeof pressKey>);
  const three = topWith(statusOf(processOf('keeper'), processOf('w2'), processOf('w10'), processOf('w1')));

  it('move through the workers in the order of their numbers and stop at both ends', () => {
    expect(three.chosen).toBe('w1');
    expect(press(three, 'up').state.chosen).toBe('w1');
    expect(press(three, 'down').state.chosen).toBe('w2');
    expect(press(three, 'down', 'down', 'down').state.chosen).toBe('w10');
  });

  it('replace a worker after a yes only', () => {
    expect(press(three, 'recycle')).toMatchObject({ state: { isAsking: true } });
    expect(press(three, 'recycle').effect).toBeUndefined();
    expect(press(three, 'down', 'recycle', 'yes').effect).toEqual({ type: 'recycle', worker: 'w2' });
    expect(press(three, 'recycle', 'other', 'yes').effect).toBeUndefined();
    expect(press(three, 'yes').effect).toBeUndefined();
    expect(press(three, 'quit').effect).toEqual({ type: 'quit' });
  });

  it('never replace another one than was asked for', () => {
    const asked = press(three, 'recycle').state;
    const later = withNews(asked, { status: statusOf(processOf('w2')), events: [], box });
    expect(later).toMatchObject({ chosen: 'w2', isAsking: false });
  });
});

it('fits any text into its columns', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('麻', 'a', '!') }), fc.nat({ max: 30 }), (text, width) => {
      expect(displayWidth(fitText(text, width))).toBe(width);
    }),
  );
  expect(fitText('麻雀在飞', 6)).toBe('麻雀~ ');
});
