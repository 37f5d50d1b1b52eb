import { formatDuration, HOUR, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { NginxFacts } from '../facts/nginx.ts';
import { nginxLogs, trafficIn, upstreamErrorsIn } from '../facts/nginx-logs.ts';
import { ofEachNginx } from '../facts/of-each-nginx.ts';
import type { Host } from '../host/host.ts';
import { cannotRead } from '../outcomes.ts';

const WARN_SHARE = 0.01;
/** One failure among twenty requests at night is no one per cent. */
const LEAST_FAILURES = 5;
const MOST_EVIDENCE = 200;

const FAILING: Text = {
  en: '{failed} of {requests} requests in the last {span} did not reach the app or got no answer from it',
  zh: '最近 {span} 的 {requests} 个请求中，有 {failed} 个没有到达应用或没有得到响应',
};
const FAILING_OF_UNKNOWN: Text = {
  en: '{failed} requests in the last {span} did not reach the app or got no answer from it',
  zh: '最近 {span} 有 {failed} 个请求没有到达应用或没有得到响应',
};

export const upstreamErrors: Check = {
  id: 'F6',
  name: 'upstream-errors',
  group: 'front',
  title: { en: 'Requests that the app did not answer', zh: '应用未响应的请求' },
  why: {
    en: 'Each kill and each restart of an app shows here as 502 or 504, at the very second; above 1 % people notice. Compare with the times of A7.',
    zh: '应用每次被杀或重启，都会在这里留下同一秒的 502 或 504；超过 1% 用户就会察觉。请与 A7 的时间对照。',
  },
  explanation: {
    en: 'nginx passes requests on to the app. When nobody listens there, or the app ends in the middle of an answer, nginx answers 502 in its place, and 504 when the answer takes too long. Both are in its logs, though the app itself wrote nothing.',
    zh: 'nginx 把请求转给应用。应用没有监听、或响应到一半退出时，nginx 代为返回 502；应用太久不响应时返回 504。即使应用自己没写日志，nginx 的日志里也有记录。',
  },
  look: (patient) => ofEachNginx(patient, async (nginx) => [await ofLogs(patient.host, nginx)]),
};

async function ofLogs(host: Host, nginx: NginxFacts): Promise<Outcome> {
  const [accessLogs, errorLogs] = await Promise.all([
    nginxLogs(nginx, 'access_log'),
    nginxLogs(nginx, 'error_log'),
  ]);
  const traffic = await Promise.all(accessLogs.map((path) => trafficIn(host, path)));
  const seen = traffic.flatMap((one) => (one.kind === 'value' ? [one.value] : []));
  const requests = seen.reduce((sum, one) => sum + one.requests, 0);
  const answered = seen.reduce((sum, one) => sum + one.failed, 0);
  const spanMs = requests === 0 ? HOUR : Math.max(...seen.map((one) => one.spanMs));
  const errors = await Promise.all(
    errorLogs.map((path) => upstreamErrorsIn(host, path, host.nowMs - spanMs)),
  );
  const lines = errors.flatMap((one) => (one.kind === 'value' ? one.value : []));
  const failed = Math.max(answered, lines.length);
  const looked = seen.length + errors.filter(({ kind }) => kind === 'value').length;
  const closed = [...traffic, ...errors].find(({ kind }) => kind === 'unreadable');
  if (looked === 0)
    return cannotRead([...accessLogs, ...errorLogs].join(', ') || 'nginx logs', closedOr(closed));
  // What follows tells who asked for what.
  const evidence =
    lines
      .at(-1)
      ?.replace(/, client:.*$/, '')
      .slice(0, MOST_EVIDENCE) ?? `502, 503, 504: ${answered} / ${requests}`;
  if (failed < LEAST_FAILURES || failed <= requests * WARN_SHARE)
    return closed === undefined
      ? { kind: 'ok', evidence: `${failed} / ${requests}` }
      : cannotRead('nginx logs', closedOr(closed));
  return {
    kind: 'finding',
    severity: 'warning',
    text: requests === 0 ? FAILING_OF_UNKNOWN : FAILING,
    data: { failed, requests, span: formatDuration(spanMs) },
    evidence,
    fix: [
      {
        where: {
          en: 'see whether the app was killed or restarted at those times',
          zh: '查看应用是否在这些时刻被杀或重启',
        },
        lines: [
          'maque oom',
          'systemctl --no-pager status <app>',
          `tail -n 50 ${errorLogs[0] ?? '/var/log/nginx/error.log'}`,
        ],
      },
    ],
  };
}

function closedOr(reading: { readonly kind: string } | undefined) {
  return reading === undefined
    ? ({ kind: 'absent' } as const)
    : ({ kind: 'unreadable', reason: 'EACCES' } as const);
}
