import { expect, test, vi } from 'vitest';
import { pollPauseMs, StatusPoller } from './status-poller.ts';

function pollerOf(answers: (string | Error)[]) {
  const heard: string[] = [];
  const plans: { work: () => void; ms: number; cancelled: boolean }[] = [];
  let hidden = false;
  const poller = new StatusPoller<string>({
    async ask() {
      const answer = answers.shift() ?? 'more';
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onAnswer: (answer) => heard.push(answer),
    onFailure: (error) => heard.push(`failed: ${(error as Error).message}`),
    schedule(work, ms) {
      const plan = { work, ms, cancelled: false };
      plans.push(plan);
      return () => {
        plan.cancelled = true;
      };
    },
    isHidden: () => hidden,
  });
  const next = async () => {
    const before = heard.length;
    plans.at(-1)?.work();
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before));
  };
  return { poller, heard, plans, next, hide: (value: boolean) => (hidden = value) };
}

test('it asks every 2 s, slower while there are failures, and at once as before when one succeeds', async () => {
  const down = new Error('down');
  const { poller, heard, plans, next } = pollerOf(['a', down, down, down, down, down, 'b']);
  await poller.askNow();
  for (let turn = 0; turn < 6; turn += 1) await next();
  expect(heard).toEqual(['a', ...Array.from({ length: 5 }, () => 'failed: down'), 'b']);
  expect(plans.map(({ ms }) => ms)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 2_000]);
});

test('the pause never grows beyond 30 s', () => {
  expect(pollPauseMs(1_000)).toBe(30_000);
});

test('a hidden page asks nothing, and at once when it is seen again', async () => {
  const { poller, heard, plans, hide } = pollerOf(['a', 'b']);
  await poller.askNow();
  hide(true);
  plans.at(-1)?.work();
  expect(plans).toHaveLength(1);
  hide(false);
  await poller.askNow();
  expect(heard).toEqual(['a', 'b']);
});

test('two questions are never asked at once', async () => {
  const { poller, heard } = pollerOf(['a', 'b']);
  await Promise.all([poller.askNow(), poller.askNow()]);
  expect(heard).toEqual(['a']);
});

test('asked by hand, what was planned is dropped', async () => {
  const { poller, plans } = pollerOf(['a', 'b']);
  await poller.askNow();
  await poller.askNow();
  expect(plans.map(({ cancelled }) => cancelled)).toEqual([true, false]);
});

test('stopped while asking, it tells nothing and plans nothing', async () => {
  const { poller, heard, plans } = pollerOf(['a']);
  const asking = poller.askNow();
  poller.stop();
  await asking;
  expect(heard).toEqual([]);
  expect(plans).toEqual([]);
});
