import { describe, expect, it } from 'vitest';
import { describeExit, explainExit } from './exit-cause.ts';

const OUT_OF_HEAP = ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'];

describe('why a process ended', () => {
  it.each([
    [134, null, OUT_OF_HEAP, null, 'HEAP_EXHAUSTED'],
    [null, 'SIGABRT', OUT_OF_HEAP, null, 'HEAP_EXHAUSTED'],
    [null, 'SIGTRAP', OUT_OF_HEAP, null, 'HEAP_EXHAUSTED'],
    [134, null, ['Assertion failed'], null, 'ABORTED'],
    [137, null, [], null, 'KILLED'],
    [null, 'SIGKILL', [], null, 'KILLED'],
    [null, 'SIGKILL', [], 'hang', 'HUNG'],
    [null, 'SIGKILL', [], 'recycle', 'KILLED'],
    [0, null, [], 'recycle', 'RECYCLED'],
    [134, null, OUT_OF_HEAP, 'recycle', 'HEAP_EXHAUSTED'],
    [null, 'SIGSEGV', [], null, 'CRASHED'],
    [null, 'SIGTERM', [], null, 'TERMINATED'],
    [1, null, [], null, 'UNCAUGHT_ERROR'],
    [9, null, [], null, 'BAD_NODE_OPTION'],
    [13, null, [], null, 'UNSETTLED_AWAIT'],
    [0, null, [], null, 'ENDED'],
    [3, null, [], null, 'EXITED'],
  ] as const)('code %s, signal %s, words %j, ended for %s: %s', (code, signal, lines, endedFor, cause) => {
    expect(explainExit(code, signal, lines, endedFor).cause).toBe(cause);
  });

  it('says so in both languages', () => {
    const exit = explainExit(3, null, [], null);
    expect(describeExit(exit, 'en')).toBe('it ended with exit code 3');
    expect(describeExit(exit, 'zh-CN')).toBe('以 退出码 3 结束');
  });
});
