import { HOUR, type Milliseconds } from '@maque/kit';
import type { FastifyInstance } from 'fastify';
import type { Foundation } from '../../foundation.ts';
import { registerApiKeyRoutes } from '../api-keys/api-key-routes.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { registerAuditRoutes } from '../audit/audit-routes.ts';
import { recordActions } from '../audit/record-actions.ts';
import { Erasure } from '../privacy/erase-user.ts';
import { registerPrivacyRoutes } from '../privacy/privacy-routes.ts';
import { limitRequests } from '../rate-limits/limit-requests.ts';
import { registerSessionRoutes } from '../sessions/session-routes.ts';
import { OwnAccount } from '../staff/own-account.ts';
import { registerOwnRoutes } from '../staff/own-routes.ts';
import { registerStaffRoutes } from '../staff/staff-routes.ts';
import { StaffService } from '../staff/staff-service.ts';
import { registerUserDirectoryRoutes } from '../users/user-directory-routes.ts';
import { registerUserRoutes } from '../users/user-routes.ts';
import type { Accounts } from './open-accounts.ts';

/** Of the places for requests, how many logins may take while they wait for WeChat; phones are bound once a user. */
const LOGIN_SHARE = 1 / 4;
const PHONE_SHARE = 1 / 8;
/** What is too old by an hour does no harm. */
const AUDIT_SWEEP_MS: Milliseconds = HOUR;

/** Sees to every request: how often its caller may call, and what of it is remembered. Before any route is registered. */
export function watchRequests(
  http: FastifyInstance,
  { settings, database, jobs, log, clock }: Foundation,
  { limiter }: Accounts,
): void {
  limitRequests(http, limiter);
  const audit = new AuditLog({ database, keepMs: settings.auditKeep, clock });
  recordActions(http, { audit, log });
  registerAuditRoutes(http, { audit });
  jobs.every('audit.forget', AUDIT_SWEEP_MS, () => audit.forget());
}

/** Who uses the mini-program, who works here, and which machines call. */
export async function addAccounts(
  http: FastifyInstance,
  foundation: Foundation,
  accounts: Accounts,
): Promise<void> {
  const { app, database, records, jobs, clock } = foundation;
  const { sessions, users, phones, keys, admins, demandsTotp } = accounts;
  const { roles } = app;
  registerSessionRoutes(http, { sessions });
  registerUserRoutes(http, { users });
  registerUserDirectoryRoutes(http, { users, sessions, phones, database, roles, clock });
  registerStaffRoutes(http, { staff: new StaffService({ database, sessions, roles, clock }), sessions });
  registerOwnRoutes(http, {
    admins,
    account: new OwnAccount({ ...accounts, database }),
    sessions,
    demandsTotp,
  });
  registerApiKeyRoutes(http, { keys });
  const erasure = new Erasure({ database, records, sessions, jobs, clock });
  registerPrivacyRoutes(http, { database, records, users, sessions, clock, erasure });
  if (foundation.wechatApps.length > 0) await addWechatAccounts(http, foundation, accounts);
}

/** What takes a mini-program; a server without one does not load it. */
async function addWechatAccounts(
  http: FastifyInstance,
  { wechatApps: apps, settings, database, secrets, clock }: Foundation,
  { sessions, users }: Accounts,
): Promise<void> {
  const [{ CallGate }, { LoginService }, { registerLoginRoutes }, { PhoneService }, { registerPhoneRoutes }] =
    await Promise.all([
      import('../wechat/call-gate.ts'),
      import('../login/login-service.ts'),
      import('../login/login-routes.ts'),
      import('../users/phone-service.ts'),
      import('../users/phone-routes.ts'),
    ]);
  const gateOf = (share: number) => new CallGate(Math.max(1, Math.floor(settings.maxConcurrent * share)));
  const login = new LoginService({
    ...{ apps, database, sessions, users, clock },
    sessionKeyKey: secrets.sessionKeyKey,
    tokenTtlMs: settings.tokenTtl,
    gate: gateOf(LOGIN_SHARE),
  });
  registerLoginRoutes(http, { login });
  const phones = new PhoneService({ apps, users, database, gate: gateOf(PHONE_SHARE) });
  registerPhoneRoutes(http, { phones });
}
