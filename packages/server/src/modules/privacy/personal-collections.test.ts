import { join } from 'node:path';
import { MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { type PersonalCollection, personalCollections, recordsOf } from './personal-collections.ts';

it('long records of a user are read a few at a time', async () => {
  const scans = collection({
    fields: { userId: field.user(), page: field.json({ maxBytes: MiB }) },
    rules: { list: 'user' },
    personal: { user: 'userId', onErase: 'delete' },
  });
  const folder = await temporaryFolder();
  const app = defineApp({ collections: { scans } });
  const { records, close } = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
  const page = 'x'.repeat(1_000_000);
  for (const id of ['a', 'b', 'c', 'd', 'e']) await records.data.create(scans, { id, userId: 'u1', page });
  const [one] = personalCollections(records.models).declared as [PersonalCollection];
  const idsAfter = async (after: string) => {
    const found = await recordsOf(records.session, one, 0, { id: 'u1', roles: [] }, after, 100);
    return found.map(({ id }) => id);
  };
  expect(await idsAfter('')).toEqual(['a', 'b', 'c', 'd']);
  expect(await idsAfter('d')).toEqual(['e']);
  expect(await idsAfter('e')).toEqual([]);
  await close();
  await folder.remove();
});
