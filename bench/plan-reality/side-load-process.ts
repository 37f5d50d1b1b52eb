import { answerCalls } from '../load/child-calls.ts';
import { IdlePhones } from './idle-phones.ts';
import { RedisLoad } from './redis-load.ts';
import type { SideCall } from './side-load.ts';
import { SqlLoad } from './sql-load.ts';

/** Everything that loads the box besides those who shop: a process of its own, so that nothing delays the measuring. */
let sql: SqlLoad | undefined;
let redis: RedisLoad | undefined;
let phones: IdlePhones | undefined;

answerCalls<SideCall>(async (call) => {
  switch (call.name) {
    case 'open': {
      const { plan } = call;
      [phones, sql, redis] = await Promise.all([
        IdlePhones.open(plan.https, plan.servername, plan.idle),
        SqlLoad.open(plan.sql),
        RedisLoad.fill(plan.redis, plan.redisBytes),
      ]);
      return undefined;
    }
    case 'start':
      sql?.start();
      redis?.start();
      return undefined;
    case 'snapshot':
      return await redis?.snapshot();
    case 'stop': {
      const open = phones?.open ?? 0;
      phones?.close();
      return { open, queries: await sql?.stop(), keys: await redis?.stop() };
    }
  }
});
