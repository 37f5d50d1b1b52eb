import { MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { prepareStart } from './prepare-start.ts';

it('answers with the sum where bodies of the size that was asked for do not fit', async () => {
  const prepared = await prepareStart(
    {
      arguments: ['/srv/no-app'],
      options: {},
      settingFlags: { memory: '256M', workers: '2' },
      surroundings: {
        terminal: {
          out: () => {},
          error: () => {},
          isClosed: () => false,
          columns: () => undefined,
          style: (_, text) => text,
        },
        language: 'en',
        env: { MAQUE_BODY_LIMIT: '64M' },
        cwd: '/',
        installation: { version: '', workerScript: '', preload: new URL('file:///'), consoleDir: '' },
      },
    },
    { prefer: 'compiled' },
  );
  expect(prepared).toMatchObject({ fits: false, basis: { limitBytes: 256 * MiB } });
});
