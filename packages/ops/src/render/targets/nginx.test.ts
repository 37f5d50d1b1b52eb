import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../testing/in-parallel.ts';
import { selfSigned, writeNginx } from '../../../testing/nginx-folder.ts';
import { fittingPlans, shopRequest } from '../../../testing/plan-requests.ts';
import { unexplainedNumbers, unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { planBox } from '../../plan/box/plan-box.ts';
import type { PlannedNginx } from '../../plan/box/planned-service.ts';
import { renderOptions } from '../render-options.ts';
import { nginx } from './nginx.ts';

const run = promisify(execFile);
const frontedPlans = fittingPlans().filter(({ services }) => services.some(({ kind }) => kind === 'nginx'));

describe("nginx's files", () => {
  it('are accepted by nginx itself, whatever the plan', async () => {
    await using folder = await tempFolder();
    const certificate = selfSigned(folder.path, 'api.example.com');
    const samples = fc.sample(fc.tuple(frontedPlans, renderChoices(certificate)), 200);
    await inParallel(samples, async ([plan, options], index) => {
      const place = join(folder.path, String(index));
      const config = writeNginx(nginx.render(plan, options), place);
      const flags = ['-t', '-q', '-p', place, '-c', config, '-e', `${place}/log/error.log`];
      const { stderr } = await run('nginx', flags);
      expect(stderr.replace(/.*the "user" directive makes sense only.*\n/, '')).toBe('');
    });
  });

  it('name nothing that came after nginx 1.18, which Ubuntu 22.04 has', () => {
    const later =
      /^ *(ssl_reject_handshake|ssl_conf_command|proxy_cookie_flags|keepalive_time|keepalive_min_timeout|http2 on|http3|quic_\w+|zone \S+ resolve|max_headers)\b/m;
    fc.assert(
      fc.property(frontedPlans, renderChoices(), (plan, options) => {
        for (const { content } of nginx.render(plan, options)) expect(content).not.toMatch(later);
      }),
      { numRuns: 50 },
    );
  });

  it('explain each of their numbers, and nothing else', () => {
    const plan = planBox({
      ...shopRequest(),
      services: [
        ...shopRequest().services,
        { kind: 'python', name: 'search', server: 'uvicorn', workers: 1 },
      ],
    });
    if (!plan.fits) throw new Error('the shop does not fit');
    const files = nginx.render(plan, renderOptions());
    expect(unusedMeanings(nginx, files)).toEqual([]);
    expect(unexplainedNumbers(files)).toEqual([]);
  });

  it('open no more than the plan counts', () => {
    fc.assert(
      fc.property(frontedPlans, renderChoices(), (plan, options) => {
        const planned = plan.services.find((one): one is PlannedNginx => one.kind === 'nginx');
        const main = nginx
          .render(plan, options)
          .find(({ path }) => path === '/etc/nginx/nginx.conf')?.content;
        const number = (name: string) => Number(new RegExp(`^ *${name} (\\d+);`, 'm').exec(main ?? '')?.[1]);
        expect(number('worker_rlimit_nofile')).toBeGreaterThanOrEqual(2 * number('worker_connections'));
        expect(number('worker_processes')).toBe(planned?.workerProcesses);
        const notices = main?.includes('limit_conn notices') ? number('limit_conn notices') : 0;
        expect(number('limit_conn requests') + notices).toBe(planned?.requestsAtOnce);
        expect(number('limit_conn addresses')).toBeLessThan(number('limit_conn requests'));
        expect(number('limit_conn sockets')).toBe(planned?.sockets);
      }),
    );
  });
});
