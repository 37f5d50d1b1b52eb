import { createManualClock, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import type { Database } from '../../ports/index.ts';
import { addConsent, endConsent, noteRefusal, remainingConsent, spendConsent } from './consent-store.ts';
import { messageMigrations } from './message-schema.ts';

let database: Database;
let remove: () => Promise<void>;
let users = 0;
beforeAll(async () => {
  const temp = await tempFolder();
  const path = `${temp.path}/app.db`;
  database = await openSqliteDatabase({
    path,
    cacheBytes: MiB,
    synchronous: 'normal',
    clock: createManualClock(),
  });
  for (const migration of messageMigrations) await migration.up(database.query);
  remove = async () => {
    await database.close();
    await temp[Symbol.asyncDispose]();
  };
});
afterAll(() => remove());

/** A user who has never been asked. */
const somebody = () => {
  users += 1;
  return { userId: `u${users}`, templateId: 't1' };
};
const remaining = (of: { userId: string; templateId: string }) => remainingConsent(database, of);

it('counts each acceptance once, whoever tells it first', async () => {
  const order = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(order, async (clientIsFirst) => {
      const who = somebody();
      for (const [index, isClient] of clientIsFirst.entries()) {
        await addConsent(database, who, isClient ? 'client' : 'wechat');
        await addConsent(database, who, isClient ? 'wechat' : 'client');
        expect(await remaining(who)).toBe(index + 1);
      }
    }),
    { numRuns: 40 },
  );
});

it('counts what only one side tells', async () => {
  for (const side of ['client', 'wechat'] as const) {
    const who = somebody();
    for (const _ of [1, 2, 3]) await addConsent(database, who, side);
    expect(await remaining(who)).toBe(3);
  }
});

it('is used up one by one, never below nothing', async () => {
  const who = somebody();
  await addConsent(database, who, 'client');
  for (const _ of [1, 2]) await spendConsent(database, who);
  expect(await remaining(who)).toBe(0);
});

it('survives that the user declines another time, and not that they switch it off', async () => {
  const who = somebody();
  expect(await remaining(who)).toBeUndefined();
  await noteRefusal(database, who);
  expect(await remaining(who)).toBe(0);
  await addConsent(database, who, 'wechat');
  await noteRefusal(database, who);
  expect(await remaining(who)).toBe(1);
  await endConsent(database, who);
  expect(await remaining(who)).toBe(0);
});

it('is bounded, whatever a client says', async () => {
  const who = somebody();
  await database.transaction(async (transaction) => {
    for (let count = 0; count < 1_010; count += 1) await addConsent(transaction, who, 'client');
  });
  expect(await remaining(who)).toBe(1_000);
});

it('is kept of so many templates of a user, whatever a client names', async () => {
  const { userId } = somebody();
  await database.transaction(async (transaction) => {
    for (let count = 1; count <= 210; count += 1) {
      const of = { userId, templateId: `made-up-${count}` };
      if (count % 2 === 0) await addConsent(transaction, of, 'client');
      else await noteRefusal(transaction, of);
    }
    // What is known is still counted.
    await addConsent(transaction, { userId, templateId: 'made-up-2' }, 'client');
  });
  expect(await remaining({ userId, templateId: 'made-up-2' })).toBe(2);
  expect(await remaining({ userId, templateId: 'made-up-200' })).toBe(1);
  expect(await remaining({ userId, templateId: 'made-up-201' })).toBeUndefined();
});
