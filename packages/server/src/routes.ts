import type { SystemStatus } from '@maque/contract';
import type { FastifyRequest } from 'fastify';
import type { RouteLog } from './define/route.ts';
import type { Foundation } from './foundation.ts';
import type { HttpServer } from './http/http-server.ts';
import { useMiddleware } from './http/middleware-step.ts';
import type { Logger } from './logging/logger.ts';
import { addAccounts, watchRequests } from './modules/accounts/add-accounts.ts';
import type { Accounts } from './modules/accounts/open-accounts.ts';
import { registerAdminRoutes } from './modules/admin/admin-routes.ts';
import { KeeperStatus } from './modules/admin/keeper-status.ts';
import { ownStatus } from './modules/admin/own-status.ts';
import { registerCollectionRoutes } from './modules/collections/collection-routes.ts';
import { sweepCollections } from './modules/collections/sweep-collections.ts';
import { registerConsoleRoutes } from './modules/console/console-routes.ts';
import { registerCustomRoutes } from './modules/custom-routes/custom-routes.ts';
import { registerHealthRoutes } from './modules/health/health-routes.ts';
import { Readiness } from './modules/health/readiness.ts';
import { registerJobRoutes } from './modules/jobs/job-routes.ts';
import { registerSubscriptionRoutes } from './modules/messages/subscription-routes.ts';
import { registerOpenApiRoutes } from './modules/openapi/openapi-routes.ts';
import { registerNotifyRoutes } from './modules/payments/notify-routes.ts';
import { registerPushRoutes } from './modules/push/push-routes.ts';
import { addUploads } from './modules/uploads/add-uploads.ts';

/** Every route there is, module by module. */
export async function addRoutes(
  server: HttpServer,
  foundation: Foundation,
  accounts: Accounts,
  metrics: () => string,
): Promise<void> {
  const { app, settings, database, records, clock, log, guard, secrets, version } = foundation;
  const http = server.routes;
  const readiness = new Readiness({
    database,
    isDraining: () => server.isDraining,
    isMemoryCritical: () => guard.pressure().level === 'critical',
    clock,
  });
  const { admins, sessions } = accounts;

  registerOpenApiRoutes(http, { title: 'Maque', version });
  watchRequests(http, foundation, accounts);
  registerHealthRoutes(http, { readiness, metrics, metricsToken: settings.metricsToken });
  registerConsoleRoutes(http, { folder: foundation.consoleDir });
  registerAdminRoutes(http, { admins, sessions, systemStatus: systemStatusOf(foundation) });
  registerJobRoutes(http, foundation);
  await addAccounts(http, foundation, accounts);
  addUploads(server, foundation);
  registerSubscriptionRoutes(http, { messages: foundation.messages?.messages ?? null });
  registerPushRoutes(http, foundation);
  if (foundation.payments !== null) registerNotifyRoutes(http, foundation.payments);
  const logOf = (request: FastifyRequest) => requestLog(log, request.id);
  const wechat = () => foundation.services;
  useMiddleware(http, app.middleware, logOf);
  const { bodies } = server;
  registerCollectionRoutes(http, { ...foundation, cursorKey: secrets.cursorKey, bodies, wechat, logOf });
  sweepCollections(foundation);
  registerCustomRoutes(http, { routes: app.routes, data: records.data, database, wechat, logOf });
}

/** What the keeper knows of all processes; without a keeper this process speaks for itself. */
function systemStatusOf({ settings, guard, link, clock }: Foundation): () => Promise<SystemStatus> {
  if (settings.controlSocket === undefined) return async () => ownStatus(guard, link.workerId, clock);
  const keeper = new KeeperStatus(settings.controlSocket, clock);
  return () => keeper.read();
}

function requestLog(log: Logger, request: string): RouteLog {
  return {
    info: (data, message) => log.info({ request, ...data }, message),
    warn: (data, message) => log.warn({ request, ...data }, message),
    error: (data, message) => log.error({ request, ...data }, message),
  };
}
