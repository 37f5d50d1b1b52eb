import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

const appThatSays = (word: string) => `
  import { defineApp, route } from 'maque';
  export default defineApp({
    collections: {},
    routes: [route.get('/word', { auth: 'public' }, () => ({ word: '${word}' as string }))],
  });
`;

it('restarts on change, and keeps what serves when the change is broken', async () => {
  // Inside the repository, so that the app finds `maque` as an installed one does; Node runs no TypeScript below
  // node_modules.
  await using folder = await tempFolder(join(import.meta.dirname, '../.cache'));
  const config = join(folder.path, 'maque.config.ts');
  await writeFile(config, appThatSays('one'));
  const url = `http://127.0.0.1:${await freePort()}`;
  await using dev = await runMaque(['dev', folder.path, '--port', new URL(url).port]);
  const says = (word: string) =>
    waitUntil(`the app to say ${word}`, async () => {
      const answer = await fetch(`${url}/api/word`);
      return ((await answer.json()) as { word: string }).word === word;
    });

  await says('one');
  await writeFile(config, appThatSays('two'));
  await says('two');

  await writeFile(config, 'export default {');
  await dev.line(/cannot start/);
  await says('two');

  await writeFile(config, appThatSays('three'));
  await says('three');
  dev.signal('SIGINT');
  expect(await dev.exit()).toEqual({ code: 0, signal: null });
});
