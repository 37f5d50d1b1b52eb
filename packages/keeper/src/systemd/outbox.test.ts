import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox, type ServiceState } from './outbox.ts';

describe('what is said to systemd next', () => {
  it('is one change of state a message, in order, with the newest of everything else beside it', () => {
    const outbox = new Outbox();
    outbox.state('reloading', ['RELOADING=1']);
    outbox.state('ready', ['READY=1']);
    outbox.status('0 of 2');
    outbox.signOfLife();
    outbox.status('1 of 2');
    expect(outbox.take(0)).toEqual(['RELOADING=1', 'WATCHDOG=1', 'STATUS=1 of 2']);
    expect(outbox.take(0)).toEqual(['READY=1']);
    expect(outbox.take(0)).toEqual([]);
  });

  it('holds each state once, however often it changes while nothing goes out, and ends with the last', () => {
    const states = fc.array(fc.constantFrom<ServiceState>('starting', 'ready', 'reloading', 'stopping'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(states, (changes) => {
        const outbox = new Outbox();
        for (const state of changes) outbox.state(state, [state]);
        const said: string[] = [];
        for (let next = outbox.take(0); next.length > 0; next = outbox.take(0)) said.push(...next);
        expect(said.length).toBe(new Set(changes).size);
        expect(said.at(-1)).toBe(changes.at(-1));
      }),
    );
  });

  it('does not repeat a status, and says a new one every five seconds at most', () => {
    const outbox = new Outbox();
    outbox.status('starting');
    expect(outbox.take(0)).toEqual(['STATUS=starting']);
    outbox.status('starting');
    expect(outbox.statusWaitMs(0)).toBe(null);
    outbox.status('2 of 2');
    expect(outbox.take(1_000)).toEqual([]);
    expect(outbox.statusWaitMs(1_000)).toBe(4_000);
    expect(outbox.take(5_000)).toEqual(['STATUS=2 of 2']);
  });

  it('keeps a status to one short line, which cannot say anything else', () => {
    const outbox = new Outbox();
    outbox.status(`fine\nMAINPID=1\r\n${'x'.repeat(500)}`);
    const [line = ''] = outbox.take(0);
    expect(line).toMatch(/^STATUS=fine MAINPID=1 x+$/);
    expect(line.length).toBe('STATUS='.length + 200);
  });
});
