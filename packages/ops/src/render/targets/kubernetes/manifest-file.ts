import { say, type Text } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { AppPlace } from '../../app-places.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { writeYaml, type YamlMap } from '../../yaml/index.ts';
import { appEnvironment, environmentMap } from '../container/app-environment.ts';
import type { Variable } from '../container/variable.ts';
import { ingresses, tlsSecretOf } from './ingress.ts';
import { kubernetesMeanings as meanings } from './kubernetes-meanings.ts';
import { metadataOf, selectorOf } from './labels.ts';
import { networkPolicy, PRIVATE_NETWORKS } from './network-policy.ts';
import { GUARD_PORT, told } from './pod-template.ts';
import { autoscaler, disruptionBudget } from './scaling.ts';
import { deployment, statefulSet } from './workloads.ts';

/** All that one program needs, in the order in which it is to be applied. */
export function manifestFile(place: AppPlace, plan: BoxPlan, options: RenderOptions): RenderedFile {
  const { language } = options;
  const isMaque = place.service.kind === 'maque';
  const variables = variablesOf(place, options);
  const workload = (isMaque ? statefulSet : deployment)(place, variables, plan, options);
  const documents = [
    configMap(place, variables, options),
    service(place, options),
    workload,
    ...(isMaque ? [] : [autoscaler(place, options)]),
    // Of a single pod it would say nothing.
    ...(isMaque ? [] : [disruptionBudget(place, options)]),
    ...ingresses(place, plan, options),
    networkPolicy(place, options),
  ];
  const intro = [
    say(introOf(place), language, { name: place.name }),
    say(IMAGE, language, { image: place.image }),
  ].join('\n');
  const head = [headOf('kubernetes', language), ...intro.split('\n').map((line) => `# ${line}`)];
  return {
    target: 'kubernetes',
    path: `kubernetes/${place.name}.yaml`,
    content: `${head.join('\n')}\n${writeYaml(...documents)}`,
    next: [
      `kubectl create secret generic ${place.name} --from-env-file=${place.name}.env`,
      ...(place.isMain
        ? [
            `kubectl create secret tls ${tlsSecretOf(place)} --cert=${options.certificate} --key=${options.certificateKey}`,
          ]
        : []),
      `kubectl apply -f kubernetes/${place.name}.yaml`,
    ],
  };
}

/** Each pod has its own part of the plan: a Node program is one worker there. */
function variablesOf(place: AppPlace, options: RenderOptions): readonly Variable[] {
  const variables = appEnvironment(place, { domain: options.domain, isOneProcess: true }, meanings);
  if (place.service.kind === 'node')
    return [
      ...variables,
      { name: 'MAQUE_GUARD_METRICS', value: `0.0.0.0:${GUARD_PORT}`, meaning: meanings.metrics_port },
    ];
  if (place.service.kind !== 'maque') return variables;
  return [...variables, { name: 'MAQUE_TRUSTED_PROXY', value: PRIVATE_NETWORKS.join(','), note: PROXIES }];
}

function configMap(place: AppPlace, variables: readonly Variable[], options: RenderOptions): YamlMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(place, options),
    data: environmentMap(variables, options.language),
  };
}

function service(place: AppPlace, options: RenderOptions): YamlMap {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(place, options),
    spec: {
      selector: selectorOf(place),
      ports: [{ name: 'http', port: told(meanings.port, options.language, place.port), targetPort: 'http' }],
    },
  };
}

function introOf({ service: { kind } }: AppPlace): Text {
  if (kind === 'maque') return OF_MAQUE;
  return kind === 'node' ? OF_NODE : OF_OTHERS;
}

const PROXIES: Text = {
  en: 'Pods of the ingress have addresses of the cluster, which are not known here; from outside nobody has one of these',
  zh: 'Ingress 的 Pod 使用集群内地址，事先未知；外部访客不会有这些地址',
};
const IMAGE: Text = {
  en: 'The cluster must be able to fetch the image {image}: render with --image REGISTRY/NAME:TAG.',
  zh: '集群须能拉取镜像 {image}：生成时用 --image 仓库/名称：标签 指定。',
};
const OF_MAQUE: Text = {
  en: [
    'One pod with a disk: the database is a file (SQLite), which has one writer. More pods would each have a database of',
    'their own, so there is no autoscaler: a larger pod serves more. An update is an outage of some seconds.',
    'Secrets (MAQUE_WECHAT_SECRET …) are in the Secret {name}, and in no file here.',
    'Databases and Redis of the plan are best bought as services of the cloud; no manifest here starts them.',
  ].join('\n'),
  zh: [
    '一个带磁盘的 Pod：数据库是文件（SQLite），只能有一个写者。多个 Pod 会各有一份数据库，因此没有自动扩容；',
    '需要更多能力时换更大的 Pod。更新时会中断几秒。',
    '密钥（MAQUE_WECHAT_SECRET 等）放在 Secret {name} 中，不写入文件。',
    '规划中的数据库与 Redis 建议使用云服务，这里不生成它们的清单。',
  ].join('\n'),
};
const OF_NODE: Text = {
  en: [
    'One process a pod: Kubernetes replaces each by itself, and adds more when their event loops are busy. The metric comes',
    'from the guard, which is among the dependencies (npm install @maque/guard) and is loaded by args. Prometheus fetches',
    'the port metrics with the token MAQUE_GUARD_METRICS_TOKEN. That and all secrets are in the Secret {name}, and in no',
    'file here.',
  ].join('\n'),
  zh: [
    '每个 Pod 一个进程：由 Kubernetes 逐个替换，事件循环繁忙时增加。指标来自守护库：',
    '须在依赖中（npm install @maque/guard），由 args 载入；',
    'Prometheus 携带 MAQUE_GUARD_METRICS_TOKEN 读取 metrics 端口。该令牌与其他密钥放在 Secret {name} 中，不写入文件。',
  ].join('\n'),
};
const OF_OTHERS: Text = {
  en: 'Only its port is probed: put its own paths of health in place of tcpSocket. Secrets are in the Secret {name}.',
  zh: '探针只检查端口：如有健康检查路径，请替换 tcpSocket。密钥放在 Secret {name} 中。',
};
