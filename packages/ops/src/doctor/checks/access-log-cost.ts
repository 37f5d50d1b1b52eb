import { SECOND, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { everywhere } from '../facts/nginx.ts';
import { nginxLogs, trafficIn } from '../facts/nginx-logs.ts';
import { ofEachNginx } from '../facts/of-each-nginx.ts';
import { cannotRead } from '../outcomes.ts';

/** A write for each line is a system call a request; at this rate it shows. */
const MANY_PER_SECOND = 200;

const UNBUFFERED: Text = {
  en: '{path} gets {rate} lines a second, each written by itself',
  zh: '{path} 每秒写入 {rate} 行，且每行单独写盘',
};

export const accessLogCost: Check = {
  id: 'F8',
  name: 'access-log-cost',
  group: 'front',
  title: { en: 'Cost of the access log', zh: '访问日志的开销' },
  why: {
    en: 'Without a buffer nginx writes to the disk once a request; above 200 a second the disk of a small cloud server is busy with nothing else.',
    zh: '未设缓冲时，nginx 每个请求写一次盘；每秒超过 200 次，小型云服务器的磁盘就会忙于写日志。',
  },
  explanation: {
    en: 'nginx writes a line for every request. With `buffer=64k flush=5s` it collects them, and writes once for some hundred requests, five seconds late at most.',
    zh: 'nginx 为每个请求写一行日志。加上 `buffer=64k flush=5s` 后会先攒起来，几百个请求写一次，最多延迟五秒。',
  },
  look: (patient) =>
    ofEachNginx(patient, async (nginx) => {
      const buffered = everywhere(nginx, 'access_log').filter(({ args }) =>
        args.some((arg) => /^(buffer|gzip)\b/.test(arg)),
      );
      const skipped = new Set(
        await Promise.all(buffered.map(({ args }) => nginx.place.outside(args[0] ?? ''))),
      );
      const paths = (await nginxLogs(nginx, 'access_log')).filter((path) => !skipped.has(path));
      if (paths.length === 0) return [{ kind: 'ok', evidence: 'access_log: off, or with a buffer' }];
      return Promise.all(
        paths.map(async (path): Promise<Outcome> => {
          const traffic = await trafficIn(patient.host, path);
          if (traffic.kind !== 'value') return cannotRead(path, traffic);
          const rate = Math.round((traffic.value.requests / traffic.value.spanMs) * SECOND);
          const evidence = `${path}: ${rate}/s`;
          if (rate <= MANY_PER_SECOND) return { kind: 'ok', evidence };
          const where = {
            en: 'in its place, then: nginx -s reload',
            zh: '替换原来的行，然后执行：nginx -s reload',
          };
          const fix = [{ where, lines: [`access_log ${path} combined buffer=64k flush=5s;`] }];
          return { kind: 'finding', severity: 'info', text: UNBUFFERED, data: { path, rate }, evidence, fix };
        }),
      );
    }),
};
