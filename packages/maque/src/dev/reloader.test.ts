import { expect, it } from 'vitest';
import { Reloader } from './reloader.ts';

function reloaderOver(...begins: boolean[]) {
  const reloads: string[] = [];
  const reloader = new Reloader((path) => {
    reloads.push(path);
    return begins.shift() ?? true;
  });
  return { reloader, reloads };
}

it('reloads once for changes that come while a worker starts, after it has', () => {
  const { reloader, reloads } = reloaderOver();
  reloader.changed('a.ts');
  reloader.changed('b.ts');
  reloader.changed('c.ts');
  expect(reloads).toEqual(['a.ts']);
  reloader.started();
  expect(reloads).toEqual(['a.ts', 'c.ts']);
  reloader.started();
  expect(reloads).toEqual(['a.ts', 'c.ts']);
});

it('tries again when there was nothing to replace', () => {
  const { reloader, reloads } = reloaderOver(false);
  reloader.changed('a.ts');
  reloader.started();
  expect(reloads).toEqual(['a.ts', 'a.ts']);
});
