import { type Clock, parseDuration } from '@maque/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RouteLog } from '../../define/route.ts';
import type { WechatServices } from '../../define/wechat-services.ts';
import type { BodyMemory } from '../../http/body-memory.ts';
import type { KeyValue } from '../../ports/key-value.ts';
import type { MessageBus } from '../../ports/message-bus.ts';
import type { OptionalWork } from '../../ports/optional-work.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import { registerBatchRoute } from './batch-route.ts';
import { CollectionAccess } from './collection-access.ts';
import { CursorSigner } from './cursor-signer.ts';
import type { Call } from './hook-context.ts';
import { collectionsBehind, type Reach } from './reach.ts';
import { type CachePolicy, ReadCache } from './read-cache.ts';
import { registerReadRoutes } from './read-routes.ts';
import { RecordAnswers } from './record-answers.ts';
import { RecordReader } from './record-reader.ts';
import { RecordWriter } from './record-writer.ts';
import { SharedAnswers } from './shared-answers.ts';
import { registerWriteRoutes } from './write-routes.ts';

export interface CollectionRoutesDeps {
  readonly records: Records;
  readonly keyValue: KeyValue;
  readonly bus: MessageBus;
  /** Secret, of at least 32 bytes, the same in every worker and after a restart: cursors are signed with it. */
  readonly cursorKey: Uint8Array;
  readonly clock: Clock;
  /** Counts what long answers hold. */
  readonly bodies: Pick<BodyMemory, 'admitAnswer'>;
  readonly optional: OptionalWork;
  readonly log: Pick<RouteLog, 'warn'>;
  /** Asked when a hook uses them first. */
  readonly wechat: () => WechatServices;
  /** The log of a request, whose lines carry its id. */
  readonly logOf: (request: FastifyRequest) => RouteLog;
}

/** Serves every collection as far as its rules let anybody in. */
export function registerCollectionRoutes(http: FastifyInstance, deps: CollectionRoutesDeps): void {
  const { records, clock, bodies, logOf } = deps;
  const callOf = (request: FastifyRequest): Call => ({
    identity: request.identity,
    log: () => logOf(request),
  });
  const accesses = new Map(records.models.map((model) => [model, new CollectionAccess(model)]));
  const accessOf = (model: RecordModel) => accesses.get(model) as CollectionAccess;
  const answers = new RecordAnswers({ ...deps, accessOf });
  const signer = new CursorSigner(deps.cursorKey);
  const cache = openReadCache(accessOf, deps);
  const writers = new Map<string, RecordWriter>();
  for (const model of records.models) {
    const reader = new RecordReader({ ...deps, model, accessOf, answers, signer });
    const shared =
      model.declared.cache === undefined ? undefined : new SharedAnswers({ reader, cache, accessOf });
    registerReadRoutes(http, reader, { shared, callOf, bodies });
    const writer = new RecordWriter(model, accessOf(model), answers, deps);
    writers.set(model.name, writer);
    registerWriteRoutes(http, writer, { records, clock, callOf });
  }
  registerBatchRoute(http, writers, { records, clock, callOf });
}

function openReadCache(
  accessOf: (model: RecordModel) => CollectionAccess,
  { records, keyValue, bus, clock, log }: CollectionRoutesDeps,
): ReadCache {
  const policies = new Map<string, CachePolicy>();
  for (const model of records.models) {
    const policy = cachePolicyOf(model, accessOf);
    if (policy !== undefined) policies.set(model.name, policy);
  }
  const onFault = (error: unknown) => log.warn({ err: error }, 'an old answer could not be made anew');
  const cache = new ReadCache({ keyValue, bus, clock, policies, onFault });
  records.onChange((change) => cache.changed(change));
  return cache;
}

function cachePolicyOf(
  model: RecordModel,
  accessOf: (model: RecordModel) => CollectionAccess,
): CachePolicy | undefined {
  const { cache } = model.declared;
  if (cache === undefined) return undefined;
  const namesBehind = (reach: Reach) =>
    new Set([...collectionsBehind(model, reach, accessOf)].map(({ name }) => name));
  return {
    maxAgeMs: parseDuration(cache.maxAge),
    staleForMs: cache.staleFor === undefined ? 0 : parseDuration(cache.staleFor),
    tolerates: new Set(cache.tolerates),
    behind: { plain: namesBehind('plain'), wide: namesBehind('wide') },
  };
}
