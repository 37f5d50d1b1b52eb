import { expect, it } from 'vitest';
import { startAlerts } from './register-alerts.ts';

/** Starts alerts on a guard that counts who listens. */
function started(env: Record<string, string>) {
  const warnings: string[] = [];
  let listeners = 0;
  const guard = {
    onSample() {
      listeners += 1;
      return () => {};
    },
  };
  startAlerts(guard, env, (message) => warnings.push(message));
  return { warnings, listeners };
}

const KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa';

it('alerts through the channels that are set', () => {
  expect(started({ MAQUE_ALERT_WECOM: KEY, MAQUE_ALERT_OFF: 'cpu', MAQUE_PORT: '8080' })).toEqual({
    warnings: [],
    listeners: 1,
  });
});

it('says what is wrong in one line, hides secrets, and alerts where it can', () => {
  const { warnings, listeners } = started({
    MAQUE_ALERT_WECOM: KEY,
    MAQUE_ALERT_P95: 'soon',
    MAQUE_ALERT_WEKOM: 'x',
  });
  expect(warnings).toEqual([
    expect.stringContaining('unknown setting MAQUE_ALERT_WEKOM; did you mean MAQUE_ALERT_WECOM?'),
  ]);
  expect(warnings[0]).toContain('MAQUE_ALERT_P95 must be a duration such as 30s or 5m, not "soon"');
  expect(listeners).toBe(1);
});

it('is off with half of a channel, an address that is none, or no channel at all', () => {
  const half = started({ MAQUE_ALERT_DINGTALK_SECRET: 'SEC123', LANG: 'zh_CN' });
  expect(half.warnings).toEqual([expect.stringContaining('还需要 MAQUE_ALERT_DINGTALK')]);
  const wrong = started({ MAQUE_ALERT_WEBHOOK: 'ftp://secret@example.com/x' });
  expect(wrong.warnings).toHaveLength(1);
  expect(wrong.warnings[0]).not.toContain('secret');
  for (const { listeners } of [half, wrong, started({ MAQUE_ALERT_OFF: 'cpu' })]) expect(listeners).toBe(0);
});
