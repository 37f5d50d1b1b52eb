import type { AdminClaimRequest, AdminLoginAnswer, AdminLoginRequest, SystemStatus } from '@maque/contract';
import type { Requester } from '@maque/miniprogram';

/** What the console asks of the server. Each call throws `ApiError`. */
export interface AdminApi {
  claim(request: AdminClaimRequest): Promise<AdminLoginAnswer>;
  login(request: AdminLoginRequest): Promise<AdminLoginAnswer>;
  logout(token: string): Promise<void>;
  status(token: string): Promise<SystemStatus>;
}

export function createAdminApi(request: Requester): AdminApi {
  return {
    claim: async (body) =>
      (await request({ method: 'POST', path: '/admin/claim', body })) as AdminLoginAnswer,
    login: async (body) =>
      (await request({ method: 'POST', path: '/admin/login', body })) as AdminLoginAnswer,
    logout: async (token) => {
      await request({ method: 'POST', path: '/admin/logout', token });
    },
    status: async (token) => (await request({ method: 'GET', path: '/admin/status', token })) as SystemStatus,
  };
}
