import { say, type Text } from '@maque/kit';
import type { AppPlace } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap } from '../../yaml/index.ts';
import { kubernetesMeanings as meanings } from './kubernetes-meanings.ts';
import { metadataOf, partOf, selectorOf } from './labels.ts';
import { told } from './pod-template.ts';

const DNS = 53;
const HTTPS = 443;
const MYSQL = 3306;
const REDIS = 6379;
/** RFC 1918: where networks of clouds are. */
export const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] as const;

/** Nothing in and nothing out but what the program needs; answers to what was let through always pass. */
export function networkPolicy(place: AppPlace, options: RenderOptions): YamlMap {
  const { language } = options;
  const isMaque = place.service.kind === 'maque';
  const metrics = isMaque ? 'http' : 'metrics';
  const hasMetrics = isMaque || place.service.kind === 'node';
  const sameApp = { podSelector: { matchLabels: partOf(options) } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(place, options),
    spec: {
      podSelector: { matchLabels: selectorOf(place) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: remarked(say(DOORS, language).split('\n'), [
            namespaces('ingress-nginx', 'kube-system'),
            sameApp,
          ]),
          ports: [{ port: 'http' }],
        },
        ...(hasMetrics ? [{ from: [namespaces('monitoring')], ports: [{ port: metrics }] }] : []),
      ],
      egress: told(meanings.outgoing_ports, language, [
        { ports: [tcp(DNS), { protocol: 'UDP', port: DNS }, tcp(HTTPS)] },
        { to: [sameApp] },
        // The database of Maque is a file.
        ...(isMaque
          ? []
          : [
              {
                to: PRIVATE_NETWORKS.map((cidr) => ({ ipBlock: { cidr } })),
                ports: [tcp(MYSQL), tcp(REDIS)],
              },
            ]),
      ]),
    },
  };
}

function namespaces(...names: readonly string[]): YamlMap {
  const name = { key: 'kubernetes.io/metadata.name', operator: 'In', values: names };
  return { namespaceSelector: { matchExpressions: [name] } };
}

function tcp(port: number): YamlMap {
  return { protocol: 'TCP', port };
}

const DOORS: Text = {
  en: 'Where the ingress controller runs. A load balancer that comes straight to the pods has an address of your network:\nadd it as ipBlock. It counts where the network of the cluster knows policies (TKE: an add-on; ACK: Terway).',
  zh: 'Ingress 控制器所在的命名空间。若负载均衡直连 Pod，请用 ipBlock 加上其所在网段。\n需要集群网络支持 NetworkPolicy（TKE 须装组件，ACK 用 Terway）。',
};
