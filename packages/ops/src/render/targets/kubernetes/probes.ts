import type { Language } from '@maque/kit';
import type { AppPlace } from '../../app-places.ts';
import { remarkOn } from '../../comment-numbers.ts';
import { remarked, type YamlMap } from '../../yaml/index.ts';
import { kubernetesMeanings as meanings } from './kubernetes-meanings.ts';

/** Maque tells whether it lives and whether it can serve; of other programs only their port is known. */
export function probesOf({ service }: AppPlace, language: Language): YamlMap {
  const isMaque = service.kind === 'maque';
  const ask = (path: string): YamlMap =>
    isMaque ? { httpGet: { path, port: 'http' } } : { tcpSocket: { port: 'http' } };
  const { startup_probe: startup, liveness_probe: liveness, readiness_probe: readiness } = meanings;
  const remark = (meaning: typeof startup, formula: string) => remarkOn({ meaning, formula }, language);
  return {
    startupProbe: remarked(remark(startup, '2 s × 60'), {
      ...ask('/healthz'),
      periodSeconds: 2,
      timeoutSeconds: 2,
      failureThreshold: 60,
    }),
    livenessProbe: remarked(remark(liveness, '10 s × 6'), {
      ...ask('/healthz'),
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
    }),
    readinessProbe: remarked(remark(readiness, '5 s × 2'), {
      ...ask('/readyz'),
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 2,
    }),
  };
}
