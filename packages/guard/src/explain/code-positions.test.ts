import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CodePositions } from './code-positions.ts';

// The first column of the first line of out.js comes from line 3, column 5 of orders.ts.
const MAP = JSON.stringify({
  version: 3,
  sources: ['../src/orders.ts'],
  names: [],
  mappings: 'AAEI',
});

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'maque-positions-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function positionIn(file: string) {
  const url = pathToFileURL(join(dir, file)).href;
  return new CodePositions(dir).of({ functionName: 'order', url, line: 1, column: 1 });
}

it('goes through a map beside the file, or inside it', () => {
  writeFileSync(join(dir, 'out.js'), 'order()\n//# sourceMappingURL=out.js.map\n');
  writeFileSync(join(dir, 'out.js.map'), MAP);
  const inline = Buffer.from(MAP).toString('base64');
  writeFileSync(join(dir, 'in.js'), `order()\n//# sourceMappingURL=data:application/json;base64,${inline}\n`);
  for (const file of ['out.js', 'in.js']) {
    expect(positionIn(file)).toMatchObject({ function: 'order', line: 3, column: 5 });
    expect(positionIn(file).file).toMatch(/orders\.ts$/);
  }
});

it.each(['not json', '{}', '{"version":3,"sources":5,"mappings":"!!!"}'])(
  'lives with a broken map: %s',
  (map) => {
    writeFileSync(join(dir, 'out.js'), 'order()\n//# sourceMappingURL=out.js.map\n');
    writeFileSync(join(dir, 'out.js.map'), map);
    expect(positionIn('out.js')).toEqual({ function: 'order', file: 'out.js', line: 1, column: 1 });
  },
);

it('shows no folder above the app, and packages by their own path', () => {
  const positions = new CodePositions('/srv/anna/shop');
  const fileOf = (url: string) => positions.of({ functionName: '', url, line: 2, column: 3 }).file;
  expect(fileOf('file:///srv/anna/shop/src/a.js')).toBe('src/a.js');
  expect(fileOf('/srv/anna/shop/node_modules/koa/lib/a.js')).toBe('node_modules/koa/lib/a.js');
  expect(fileOf('/home/anna/other.js')).toBe('other.js');
  expect(fileOf('node:net')).toBe('node:net');
  expect(fileOf('file://%')).toBe('file:…');
  expect(fileOf('data:text/javascript,keep("13800138000")')).toBe('data:…');
});
