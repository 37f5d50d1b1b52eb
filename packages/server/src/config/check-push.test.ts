import { expect, it } from 'vitest';
import { pushProblems } from './check-push.ts';
import type { ServerSettings } from './settings-table.ts';

const problemsOf = (settings: Partial<ServerSettings>) =>
  pushProblems(settings as ServerSettings).map((problem) => problem.messageIn('en'));
const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

it('is content without pushes, and with what the console allows', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ pushToken: 'Token42' })).toEqual([]);
  expect(problemsOf({ pushToken: 'Token42', pushAesKey: KEY })).toEqual([]);
});

it('says all at once what cannot be right, and quotes no secret', () => {
  const problems = problemsOf({ pushToken: 'no-hyphens!', pushAesKey: KEY.slice(1) });
  expect(problems).toEqual([
    expect.stringContaining('MAQUE_WECHAT_PUSH_TOKEN must be 3 to 32'),
    expect.stringContaining('MAQUE_WECHAT_PUSH_AES_KEY must be 43'),
  ]);
  expect(problems.join()).not.toContain('hyphens');
  expect(problemsOf({ pushAesKey: KEY })).toEqual([
    expect.stringContaining('MAQUE_WECHAT_PUSH_TOKEN is not'),
  ]);
});
