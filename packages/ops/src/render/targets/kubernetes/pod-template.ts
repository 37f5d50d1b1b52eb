import { type Language, say, type Text } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { AppPlace } from '../../app-places.ts';
import { remarkOn } from '../../comment-numbers.ts';
import type { Meaning } from '../../meaning.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap, type YamlValue } from '../../yaml/index.ts';
import { DATA_FOLDER, type Variable } from '../container/variable.ts';
import { kubernetesMeanings as meanings } from './kubernetes-meanings.ts';
import { digestOf, labelsOf, selectorOf } from './labels.ts';
import { type PodSize, podSize } from './pod-size.ts';
import { probesOf } from './probes.ts';

export const GUARD_PORT = 9_464;
const USER_ID = 1_000;
const PRE_STOP_SECONDS = 5;
const GRACE_SECONDS = 30;
const MILLICORES_EACH = 500;

/** What both kinds of workload start. */
export function podTemplate(
  place: AppPlace,
  variables: readonly Variable[],
  plan: BoxPlan,
  options: RenderOptions,
): YamlMap {
  const { language } = options;
  const isMaque = place.service.kind === 'maque';
  return {
    metadata: {
      labels: labelsOf(place, options),
      annotations: { 'checksum/config': digestOf(variables) },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: remarked(say(NO_LINKS, language), false),
      terminationGracePeriodSeconds: told(meanings.grace_period, language, GRACE_SECONDS, '5 + 10 + 15'),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: told(meanings.user_id, language, USER_ID),
        runAsGroup: USER_ID,
        fsGroup: USER_ID,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: isMaque ? undefined : [spread(place, language)],
      containers: [container(place, plan, options)],
      volumes: [
        {
          name: 'tmp',
          emptyDir: { sizeLimit: told(meanings.temporary_size, language, '64Mi') },
        },
      ],
    },
  };
}

function container(place: AppPlace, plan: BoxPlan, { language }: RenderOptions): YamlMap {
  const { name, port, image, service } = place;
  const hasGuard = service.kind === 'node';
  return {
    name,
    image,
    args:
      service.kind === 'node'
        ? remarked(say(STARTED_WITH_GUARD, language), [
            'node',
            '--import',
            '@maque/guard/register',
            'server.js',
          ])
        : undefined,
    ports: [
      { name: 'http', containerPort: told(meanings.port, language, port) },
      ...(hasGuard
        ? [{ name: 'metrics', containerPort: told(meanings.metrics_port, language, GUARD_PORT) }]
        : []),
    ],
    envFrom: [{ configMapRef: { name } }, { secretRef: { name, optional: false } }],
    resources: resources(podSize(place), plan, language),
    ...probesOf(place, language),
    lifecycle: {
      preStop: {
        exec: { command: told(meanings.pre_stop, language, ['sleep', String(PRE_STOP_SECONDS)]) },
      },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...(service.kind === 'maque' ? [{ name: 'data', mountPath: DATA_FOLDER }] : []),
    ],
  };
}

function resources(size: PodSize, plan: BoxPlan, language: Language): YamlMap {
  const { cores } = plan.request.box;
  const millicores = Math.min(cores * 1_000, size.workers * MILLICORES_EACH);
  return {
    requests: {
      memory: told(meanings.memory_request, language, `${size.requestMb}Mi`),
      cpu: told(meanings.cpu_request, language, `${millicores}m`, `${size.workers} × ${MILLICORES_EACH}`),
      'ephemeral-storage': told(meanings.ephemeral_storage, language, '64Mi'),
    },
    limits: {
      memory: told(meanings.memory_limit, language, `${size.limitMb}Mi`, size.formula),
      'ephemeral-storage': told(meanings.ephemeral_storage, language, '256Mi'),
    },
  };
}

function spread(place: AppPlace, language: Language): YamlMap {
  return {
    maxSkew: told(meanings.spread, language, 1),
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorOf(place) },
  };
}

/** A value with its remark. */
export function told(meaning: Meaning, language: Language, value: YamlValue, formula = ''): YamlValue {
  return remarked(remarkOn({ meaning, formula }, language), value);
}

const STARTED_WITH_GUARD: Text = {
  en: 'In place of the CMD of the image: the guard tells how busy the event loop is',
  zh: '替换镜像的 CMD：守护库导出事件循环的繁忙程度',
};
const NO_LINKS: Text = {
  en: 'Otherwise each Service becomes variables such as MAQUE_PORT=tcp://…, which are taken for settings',
  zh: '否则每个 Service 都会变成 MAQUE_PORT=tcp://… 之类的环境变量，被当成设置',
};
