import type { HookContext } from '../../define/hooks.ts';
import type { RouteLog } from '../../define/route.ts';
import type { WechatServices } from '../../define/wechat-services.ts';
import { actorOf } from '../../http/actor-of.ts';
import type { Identity } from '../../ports/identity.ts';
import type { Author, RecordSession } from '../records/record-session.ts';
import type { Records } from '../records/records.ts';

/** Who asks for an operation, and where what is said about it is written. */
export interface Call {
  readonly identity: Identity;
  readonly log: () => RouteLog;
}

export interface HookDeps {
  readonly records: Records;
  readonly wechat: () => WechatServices;
}

/** What a hook is given beside what it is about; `session` is what the operation itself works on. */
export function hookContext(
  { identity, log }: Call,
  session: RecordSession,
  { records, wechat }: HookDeps,
): HookContext {
  return {
    by: actorOf(identity),
    db: records.accessOf(session),
    get wechat() {
      return wechat();
    },
    get log() {
      return log();
    },
    afterCommit(work) {
      session.connection.afterCommit(() => void runAfterCommit(work, log));
    },
  };
}

/** Nobody waits for it: the caller has the answer, and what was written stays. */
async function runAfterCommit(work: () => void | Promise<void>, log: Call['log']): Promise<void> {
  try {
    await work();
  } catch (error) {
    log().error({ err: error }, 'what was to be done after a write failed; the write is kept');
  }
}

/** Whom a write is written down to. */
export function authorOf(identity: Identity): Author {
  const actor = actorOf(identity);
  return actor.kind === 'anonymous' ? null : actor.id;
}
