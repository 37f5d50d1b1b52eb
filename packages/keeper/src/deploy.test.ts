import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { describe, expect, it, onTestFinished } from 'vitest';
import { get } from '../testing/keep-alive-load.ts';
import { spawnKeeper } from '../testing/spawn-keeper.ts';

/** A folder of releases, and the link `current` to one of them. */
class Releases {
  readonly #folder = mkdtempSync(join(tmpdir(), 'maque-releases-'));

  constructor() {
    onTestFinished(() => rmSync(this.#folder, { recursive: true }));
  }

  get script(): string {
    return join(this.#folder, 'current', 'app.cjs');
  }

  /** Adds a release and points the link to it. */
  release(name: string, source = SAYS(name)): void {
    const folder = join(this.#folder, name);
    const place = mkdtempSync(`${folder}-`);
    writeFileSync(join(place, 'app.cjs'), source);
    rmSync(join(this.#folder, 'current'), { force: true });
    symlinkSync(place, join(this.#folder, 'current'));
  }
}

const SAYS = (word: string) => `require('node:http')
  .createServer((request, response) => response.end('${word}')).listen(Number(process.env.PORT ?? 0));`;

const LISTENS = (port: number) =>
  `require('node:http').createServer((_, response) => response.end('?')).listen(${port});`;

describe('a deploy', () => {
  it('brings in what the link leads to now, and keeps what serves when that does not live', async () => {
    const releases = new Releases();
    releases.release('one');
    const keeper = await spawnKeeper('', { exec: releases.script }).serving(2);
    expect(await get(keeper.port, '/')).toBe('one');

    releases.release('two');
    keeper.child.kill('SIGHUP');
    expect((await keeper.event('DEPLOY_DONE')).data).toMatchObject({ version: 2, workers: 2, of: 2 });
    expect(await get(keeper.port, '/')).toBe('two');

    releases.release('three', `throw new Error('no such table');`);
    keeper.child.kill('SIGHUP');
    const { data } = await keeper.event('DEPLOY_FAILED');
    expect(data).toMatchObject({ version: 3, exit: { cause: 'UNCAUGHT_ERROR' } });
    expect(String(data.lines)).toContain('no such table');
    expect(await get(keeper.port, '/')).toBe('two');
  });

  it('goes back to the release before when the new one dies after it has taken over', async () => {
    const releases = new Releases();
    releases.release('one');
    const port = await freePort();
    const options = { exec: releases.script, workers: 1, env: { PORT: String(port) } };
    const keeper = await spawnKeeper('', options).serving(1);
    releases.release('two', `${SAYS('two')} setTimeout(() => process.exit(3), 300);`);
    keeper.child.kill('SIGHUP');
    expect((await keeper.event('DEPLOY_FAILED')).data).toMatchObject({ version: 2, exit: { exitCode: 3 } });
    await waitUntil('the release before', async () => (await get(port, '/')) === 'one');
  });

  it('lets nothing take over that listens on another port, for the one that clients know would be closed', async () => {
    const releases = new Releases();
    releases.release('one');
    const keeper = await spawnKeeper('', { exec: releases.script }).serving(2);
    const elsewhere = await freePort();
    releases.release('two', LISTENS(elsewhere));
    keeper.child.kill('SIGHUP');
    const { data } = await keeper.event('LISTENS_ELSEWHERE');
    expect(data).toMatchObject({ listening: [`*:${elsewhere}`], expected: `*:${keeper.port}` });
    const { exit } = (await keeper.event('DEPLOY_FAILED')).data;
    expect(exit).toMatchObject({ cause: 'LISTENS_ELSEWHERE' });
    expect(await get(keeper.port, '/')).toBe('one');
  });

  it('waits for the port that clients know when another one comes first', async () => {
    const releases = new Releases();
    releases.release('one');
    const keeper = await spawnKeeper('', { exec: releases.script }).serving(2);
    const [metrics, late] = [LISTENS(await freePort()), SAYS('two')];
    releases.release('two', `${metrics} setTimeout(() => { ${late} }, 1_000);`);
    keeper.child.kill('SIGHUP');
    expect((await keeper.event('DEPLOY_DONE')).data).toMatchObject({ version: 2, workers: 2 });
    expect(keeper.all('LISTENS_ELSEWHERE')).toEqual([]);
    expect(await get(keeper.port, '/')).toBe('two');
  });
});
