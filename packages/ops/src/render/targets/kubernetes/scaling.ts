import { type Language, say, type Text } from '@maque/kit';
import type { AppPlace } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap } from '../../yaml/index.ts';
import { kubernetesMeanings as meanings } from './kubernetes-meanings.ts';
import { metadataOf, selectorOf } from './labels.ts';
import { podSize } from './pod-size.ts';
import { told } from './pod-template.ts';

/** What the guard and the keeper tell of each process of Node. */
export const LOOP_METRIC = 'maque_event_loop_utilization_ratio';
const LOOP_TARGET = '600m';
const CPU_TARGET_PERCENT = 70;
const GROWTH = 2;

/** More pods when the event loop is busy; where there is none, or its metric is missing, when the processors are. */
export function autoscaler(place: AppPlace, options: RenderOptions): YamlMap {
  const { language } = options;
  const { replicas, workers } = podSize(place);
  const most = GROWTH * replicas;
  const pool = 'poolSize' in place.service ? place.service.poolSize : 0;
  const connections = `${GROWTH} × ${replicas}; ${most} × ${workers} × ${pool} = ${most * workers * pool}`;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadataOf(place, options),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: place.name },
      minReplicas: told(meanings.replicas, language, replicas),
      maxReplicas: told(meanings.most_replicas, language, most, connections),
      metrics: [...(place.service.kind === 'node' ? [loopMetric(language)] : []), cpuMetric(language)],
      behavior: {
        scaleUp: told(meanings.scale_up, language, {
          stabilizationWindowSeconds: 0,
          policies: [{ type: 'Percent', value: 100, periodSeconds: 60 }],
        }),
        scaleDown: told(meanings.scale_down, language, {
          stabilizationWindowSeconds: 300,
          policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        }),
      },
    },
  };
}

function loopMetric(language: Language): YamlMap {
  const metric = { name: remarked(say(ADAPTER, language), LOOP_METRIC) };
  const target = {
    type: 'AverageValue',
    averageValue: told(meanings.loop_target, language, LOOP_TARGET),
  };
  return { type: 'Pods', pods: { metric, target } };
}

function cpuMetric(language: Language): YamlMap {
  const target = {
    type: 'Utilization',
    averageUtilization: told(meanings.cpu_target, language, CPU_TARGET_PERCENT),
  };
  return { type: 'Resource', resource: { name: 'cpu', target } };
}

export function disruptionBudget(place: AppPlace, options: RenderOptions): YamlMap {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(place, options),
    spec: {
      maxUnavailable: told(meanings.disruption, options.language, 1),
      unhealthyPodEvictionPolicy: remarked(say(ILL, options.language), 'AlwaysAllow'),
      selector: { matchLabels: selectorOf(place) },
    },
  };
}

/** Values of the chart prometheus-adapter, which makes the metric known to the autoscaler. */
export function adapterValues(): YamlMap {
  return {
    rules: {
      custom: [
        {
          seriesQuery: `${LOOP_METRIC}{namespace!="",pod!=""}`,
          resources: {
            overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } },
          },
          name: { as: LOOP_METRIC },
          // A pod may have several workers; the guard's number is of some five seconds, a wave of one is no reason.
          metricsQuery: 'avg(avg_over_time(<<.Series>>{<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)',
        },
      ],
    },
  };
}

const ADAPTER: Text = {
  en: 'From the guard in each process, by Prometheus and kubernetes/prometheus-adapter.yaml',
  zh: '由每个进程的守护库导出，经 Prometheus 与 kubernetes/prometheus-adapter.yaml 提供',
};
const ILL: Text = {
  en: 'A pod that does not serve must not hold up the update of its node',
  zh: '本就不能服务的 Pod 不应阻碍节点维护',
};
