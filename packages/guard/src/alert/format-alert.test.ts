import { createManualClock, MINUTE } from '@maque/kit';
import { expect, it } from 'vitest';
import { calmFacts } from '../../fixtures/alert-facts.ts';
import type { AlertFacts } from './alert-facts.ts';
import type { AlertEvent } from './condition.ts';
import { Conditions } from './conditions.ts';
import { describeDigest, describeEvents } from './format-alert.ts';
import { DEFAULT_LIMITS } from './rules.ts';

const source = { app: 'shop', environment: 'test', host: 'web-1' };

/** The first event that these facts make. */
function eventOf(facts: AlertFacts): AlertEvent {
  const conditions = new Conditions({
    rules: DEFAULT_LIMITS,
    restartWindowMs: 15 * MINUTE,
    reminderMs: 60 * MINUTE,
    clock: createManualClock(),
  });
  const [event] = conditions.observe(facts);
  if (event === undefined) throw new Error('nothing to tell');
  return event;
}

const INCIDENTS = [
  { rule: 'hang', process: 'w1', cause: 'w1 was blocked in spin (server.js:12)' },
  { rule: 'oom-kill', process: 'w1', cause: 'w1 was killed by the kernel' },
  { rule: 'over-memory', process: 'w1', cause: 'w1 took 300 MiB of 200 MiB' },
  { rule: 'deploy', process: 'w1', cause: 'it threw', version: '1.4.0' },
  { rule: 'attention', process: 'w1', cause: 'the key is refused', matter: 'KEY_REFUSED' },
] as const;

it.each(['en', 'zh-CN'] as const)('tells each incident with its cause in %s', (language) => {
  const wording = { language, offsetOf: () => 0, source };
  for (const incident of INCIDENTS) {
    const event = eventOf(calmFacts({ incidents: [incident] }));
    const { title, text } = describeEvents([event], wording);
    expect(text).toContain(incident.cause);
    expect(`${title}\n${text}`).not.toMatch(/[{}]|undefined/);
    expect(describeDigest([event], 0, wording).text).not.toMatch(/%|[{}]/);
  }
});

it('names the version that could not be deployed, and the process that does not come to life', () => {
  const wording = { language: 'en', offsetOf: () => 0, source } as const;
  const failed = eventOf(calmFacts({ incidents: [INCIDENTS[3]] }));
  expect(describeEvents([failed], wording).title).toBe(
    '🟡 [shop · test · web-1] Version 1.4.0: could not be deployed',
  );
  const looping = eventOf(calmFacts({ crashLoop: { process: 'w2', failures: 3 } }));
  expect(describeEvents([looping], wording).text).toContain('w2 has died 3 times in a row');
});
