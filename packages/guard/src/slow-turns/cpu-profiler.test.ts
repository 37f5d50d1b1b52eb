import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { startCpuProfile } from './cpu-profiler.ts';

/** Profiles a method of this name, in a file of that name, until it has been seen. */
function profileOf(name: string, file: string) {
  const busy = runInThisContext(
    `({ ${JSON.stringify(name)}() { for (const end = Date.now() + 30; Date.now() < end; ); } })`,
    { filename: file },
  );
  const profile = startCpuProfile(1, 1_000);
  busy[name]();
  return profile.stop();
}

describe('a CPU profile', () => {
  it.each([
    'plain',
    '/:id(\\d+)',
    'C:\\users\\app',
    'say "hello"',
    'ends in \\',
    'two\nlines\tof\u0001',
    '中文',
    '"},"{',
  ])('names what ran, whatever characters its name has: %j', (name) => {
    const nodes = profileOf(name, name)?.nodes ?? [];
    expect(nodes.map(({ callFrame }) => callFrame.functionName)).toContain(name);
    expect(nodes.map(({ callFrame }) => callFrame.url)).toContain(name);
  });

  it('is none, and no error, when a name looks like what V8 writes after names', () => {
    const hostile = '","lineNumber":1,"columnNumber":1,"scriptId":1,"url":"\\"}}';
    expect(profileOf(hostile, 'plain')).toBeNull();
  });
});
