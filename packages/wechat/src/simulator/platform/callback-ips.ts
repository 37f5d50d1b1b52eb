import type { ApiHandler } from '../api-handler.ts';

/** `GET /cgi-bin/getcallbackip`: pushes come from this computer. */
export const handleCallbackIps: ApiHandler = () => ({ ip_list: ['127.0.0.1', '::1'] });
