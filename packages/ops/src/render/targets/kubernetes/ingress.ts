import { MiB, say, type Text } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import { largestBody } from '../../../plan/box/services/nginx.ts';
import type { AppPlace } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap, type YamlValue } from '../../yaml/index.ts';
import { kubernetesMeanings as meanings } from './kubernetes-meanings.ts';
import { metadataOf } from './labels.ts';
import { told } from './pod-template.ts';

const OF_NGINX = 'nginx.ingress.kubernetes.io';
const REALTIME_SECONDS = 3_600;

/** How the main program is reached from outside: by its domain, with TLS. Others are there for the cluster alone. */
export function ingresses(place: AppPlace, plan: BoxPlan, options: RenderOptions): readonly YamlMap[] {
  if (!place.isMain) return [];
  const { language } = options;
  const body = `${Math.ceil(largestBody(plan.request) / MiB)}m`;
  const all = ingress(place, options, '', '/', {
    [`${OF_NGINX}/proxy-body-size`]: told(meanings.body_size, language, body),
  });
  if (place.service.kind !== 'maque') return [all];
  // Its own, so that a request that hangs is still given up after a minute.
  const realtime = ingress(place, options, '-realtime', '/api/realtime', {
    [`${OF_NGINX}/proxy-read-timeout`]: told(meanings.realtime_timeout, language, String(REALTIME_SECONDS)),
    [`${OF_NGINX}/proxy-send-timeout`]: told(meanings.realtime_timeout, language, String(REALTIME_SECONDS)),
  });
  return [all, realtime];
}

/** Made by hand from the certificate, or by cert-manager. */
export function tlsSecretOf({ name }: AppPlace): string {
  return `${name}-tls`;
}

function ingress(
  place: AppPlace,
  options: RenderOptions,
  suffix: string,
  path: string,
  annotations: Readonly<Record<string, YamlValue>>,
): YamlMap {
  const { domain, language } = options;
  const backend = { service: { name: place.name, port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { ...metadataOf(place, options, suffix), annotations },
    spec: {
      ingressClassName: remarked(say(CLASS, language).split('\n'), 'nginx'),
      tls: [{ hosts: [domain], secretName: tlsSecretOf(place) }],
      rules: [{ host: domain, http: { paths: [{ path, pathType: 'Prefix', backend }] } }],
    },
  };
}

const CLASS: Text = {
  en: 'What the cluster has: kubectl get ingressclass. The annotations count for nginx only; others (qcloud, alb) have the\nsame settings at their load balancer: size of the body, timeout of an idle connection.',
  zh: '以集群为准：kubectl get ingressclass。注解只对 nginx 有效；其他类型（qcloud、alb 等）\n请在负载均衡上设置同样两项：请求体大小、空闲连接超时。',
};
