import { describe, expect, it } from 'vitest';
import { CONFIG, kinds, look, MAIN, SHOP, withSite } from '../../../testing/nginx-recordings.ts';
import { accessLogCost } from './access-log-cost.ts';
import { upstreamErrors } from './upstream-errors.ts';

const MAY_FIRST = Date.UTC(2026, 4, 1);

/** Lines of an access log: one every so many seconds up to the moment, the given ones last. */
function accessLog(count: number, everySeconds: number, statuses: readonly number[]): string {
  const all = [...Array.from({ length: count }, () => 200), ...statuses];
  const lines = all.map((status, index) => {
    const at = new Date(MAY_FIRST - (all.length - 1 - index) * everySeconds * 1_000 + 8 * 3_600_000);
    const [date = '', time = ''] = at.toISOString().slice(0, 19).split('T');
    const [year, , day] = date.split('-');
    const month = at.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
    return `1.2.3.4 - - [${day}/${month}/${year}:${time} +0800] "GET /api/me HTTP/1.1" ${status} 12 "-" "phone"\n`;
  });
  return lines.join('');
}

const ACCESS_LOG = '/var/log/nginx/access.log';

const ERROR_LOG = '/var/log/nginx/error.log';

const upstreamError = (time: string) =>
  `2026/05/01 ${time} [error] 81#81: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 1.2.3.4, server: shop.example.com, request: "GET /api/me?token=hush HTTP/1.1", upstream: "http://127.0.0.1:8080/api/me"\n`;

describe('F6 upstream-errors', () => {
  const logs = (access: string | null, errors: string | null) =>
    withSite(SHOP, { [ACCESS_LOG]: access, [ERROR_LOG]: errors });

  it('is fine with an error in two hundred requests', async () => {
    expect(await kinds(upstreamErrors, logs(accessLog(200, 1, [502]), ''))).toEqual(['ok']);
  });

  it('finds two in a hundred that got no answer', async () => {
    expect(
      await look(upstreamErrors, logs(accessLog(294, 1, [502, 502, 504, 502, 502, 502]), '')),
    ).toMatchObject([{ severity: 'warning', data: { failed: 6, requests: 300, span: '5 min' } }]);
  });

  it('finds them by the error log alone, in whatever zone it is, and repeats nothing of the requests', async () => {
    // The server is in China: at midnight UTC its clock shows eight.
    const lines = ['06:59:00', '07:30:00', '07:40:00', '07:50:00', '07:59:00', '08:00:00'].map(upstreamError);
    const outcomes = await look(upstreamErrors, withSite(SHOP, { [ERROR_LOG]: lines.join('') }));
    expect(outcomes).toMatchObject([{ severity: 'warning', data: { failed: 5 } }]);
    expect(JSON.stringify(outcomes)).not.toContain('hush');
  });

  it('forgets what is older than an hour', async () => {
    const lines =
      Array.from({ length: 9 }, () => upstreamError('06:30:00')).join('') + upstreamError('08:00:00');
    expect(await kinds(upstreamErrors, withSite(SHOP, { [ERROR_LOG]: lines }))).toEqual(['ok']);
  });

  it('says unknown without the logs', async () => {
    expect(await kinds(upstreamErrors, logs(null, null))).toEqual(['unknown']);
    expect(await kinds(upstreamErrors, withSite(SHOP))).toEqual(['unknown']);
  });
});

describe('F8 access-log-cost', () => {
  it('counts lines a second', async () => {
    const calm = withSite(SHOP, { [ACCESS_LOG]: accessLog(100, 1, []) });
    const busy = withSite(SHOP, { [ACCESS_LOG]: accessLog(3_000, 0.001, []) });
    expect(await kinds(accessLogCost, calm)).toEqual(['ok']);
    expect(await look(accessLogCost, busy)).toMatchObject([{ severity: 'info', data: { path: ACCESS_LOG } }]);
  });

  it('has no worry about a log with a buffer', async () => {
    const main = MAIN.replace('access.log;', 'access.log combined buffer=64k flush=5s;');
    expect(await kinds(accessLogCost, withSite(SHOP, { [CONFIG]: main }))).toEqual(['ok']);
  });

  it('says unknown of a log that may not be read', async () => {
    expect(await kinds(accessLogCost, withSite(SHOP, { [ACCESS_LOG]: null }))).toEqual(['unknown']);
  });
});
