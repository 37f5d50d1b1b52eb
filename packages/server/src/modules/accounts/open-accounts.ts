import type { Bytes } from '@maque/kit';
import type { Foundation } from '../../foundation.ts';
import { AdminService } from '../admin/admin-service.ts';
import { ApiKeyService } from '../api-keys/api-key-service.ts';
import { RateLimiter } from '../rate-limits/rate-limiter.ts';
import { SessionAuthenticator } from '../sessions/session-authenticator.ts';
import { SessionService } from '../sessions/session-service.ts';
import { TokenSigner } from '../sessions/token.ts';
import { SecondFactor } from '../staff/second-factor.ts';
import { PhoneBook } from '../users/phone-book.ts';
import { UserService } from '../users/user-service.ts';

/** Everything that knows who is who. */
export interface Accounts {
  readonly authenticator: SessionAuthenticator;
  readonly sessions: SessionService;
  readonly keys: ApiKeyService;
  readonly admins: AdminService;
  readonly factor: SecondFactor;
  readonly users: UserService;
  readonly phones: PhoneBook;
  readonly limiter: RateLimiter;
  /** Whether members of staff without an authenticator may do nothing but set one up. */
  readonly demandsTotp: boolean;
}

/** @param maxBytes of what is remembered of tokens. */
export function openAccounts(
  { settings, secrets, database, bus, clock, app, folder }: Foundation,
  maxBytes: Bytes,
): Accounts {
  const signer = new TokenSigner(secrets.tokenKey, clock);
  const share = (perMinute: number) => (perMinute === 0 ? 0 : Math.max(1, perMinute / settings.sharedBy));
  const perMinute = {
    user: share(settings.rateLimitUser),
    ip: share(settings.rateLimitIp),
    login: share(settings.rateLimitLogin),
  };
  const demandsTotp = settings.staffTotp === 'required';
  const sessions = new SessionService({ database, signer, bus, clock });
  const keys = new ApiKeyService({ database, roles: app.roles, announce: () => sessions.announce(), clock });
  const factor = new SecondFactor({ database, key: secrets.sessionKeyKey, clock });
  const phones = new PhoneBook(secrets.sessionKeyKey);
  return {
    ...{ sessions, keys, factor, phones, demandsTotp },
    authenticator: new SessionAuthenticator({ database, signer, keys, demandsTotp, bus, clock, maxBytes }),
    admins: new AdminService({
      ...{ database, sessions, factor, demandsTotp, clock },
      linkPath: folder.adminLink,
    }),
    limiter: new RateLimiter({ perMinute, clock }),
    users: new UserService({ database, phones, clock }),
  };
}
