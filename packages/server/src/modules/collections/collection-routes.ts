import { type Clock, parseDuration } from '@maque/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RouteLog } from '../../define/route.ts';
import type { WechatServices } from '../../define/wechat-services.ts';
import type { KeyValue } from '../../ports/key-value.ts';
import type { MessageBus } from '../../ports/message-bus.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import { registerBatchRoute } from './batch-route.ts';
import { CollectionAccess } from './collection-access.ts';
import { CursorSigner } from './cursor-signer.ts';
import type { Call } from './hook-context.ts';
import { type CachePolicy, ListCache } from './list-cache.ts';
import { registerReadRoutes } from './read-routes.ts';
import { RecordReader } from './record-reader.ts';
import { RecordWriter } from './record-writer.ts';
import { registerWriteRoutes } from './write-routes.ts';

export interface CollectionRoutesDeps {
  readonly records: Records;
  readonly keyValue: KeyValue;
  readonly bus: MessageBus;
  /** Secret, of at least 32 bytes, the same in every worker and after a restart: cursors are signed with it. */
  readonly cursorKey: Uint8Array;
  readonly clock: Clock;
  /** Asked when a hook uses them first. */
  readonly wechat: () => WechatServices;
  /** The log of a request, whose lines carry its id. */
  readonly logOf: (request: FastifyRequest) => RouteLog;
}

/** Serves every collection as far as its rules let anybody in. */
export function registerCollectionRoutes(http: FastifyInstance, deps: CollectionRoutesDeps): void {
  const { records, clock, logOf } = deps;
  const callOf = (request: FastifyRequest): Call => ({
    identity: request.identity,
    log: () => logOf(request),
  });
  const writers = new Map<string, RecordWriter>();
  const signer = new CursorSigner(deps.cursorKey);
  const policies = new Map<string, CachePolicy>();
  for (const model of records.models) {
    const policy = cachePolicyOf(model);
    if (policy !== undefined) policies.set(model.name, policy);
  }
  const cache = new ListCache(deps.keyValue, deps.bus, policies);
  records.onChange((change) => cache.changed(change));
  for (const model of records.models) {
    const access = new CollectionAccess(model);
    const reader = new RecordReader(model, access, records, signer);
    registerReadRoutes(http, reader, cache, policies.get(model.name));
    const writer = new RecordWriter(model, access, deps);
    writers.set(model.name, writer);
    registerWriteRoutes(http, writer, { records, clock, callOf });
  }
  registerBatchRoute(http, writers, { records, clock, callOf });
}

function cachePolicyOf({ declared: { cache } }: RecordModel): CachePolicy | undefined {
  if (cache === undefined) return undefined;
  return { maxAgeMs: parseDuration(cache.maxAge), tolerates: new Set(cache.tolerates) };
}
