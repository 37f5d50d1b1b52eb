import { type Bytes, GiB, say, type Text } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { AppPlace } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap } from '../../yaml/index.ts';
import type { Variable } from '../container/variable.ts';
import { kubernetesMeanings as meanings } from './kubernetes-meanings.ts';
import { metadataOf, selectorOf } from './labels.ts';
import { podSize } from './pod-size.ts';
import { podTemplate, told } from './pod-template.ts';

const LEAST_DISK: Bytes = 20 * GiB;
const MOST_DISK: Bytes = 100 * GiB;
/** Cloud disks are sold in such steps. */
const DISK_STEP: Bytes = 10 * GiB;

/** One pod with a disk of its own: the database is a file on it, and has one writer. */
export function statefulSet(
  place: AppPlace,
  variables: readonly Variable[],
  plan: BoxPlan,
  options: RenderOptions,
): YamlMap {
  const { language } = options;
  const disk = Math.min(MOST_DISK, Math.max(LEAST_DISK, (plan.request.box.diskBytes ?? 0) / 2));
  const claim = {
    metadata: { name: 'data' },
    spec: {
      accessModes: remarked(say(BLOCK, language), ['ReadWriteOnce']),
      resources: {
        requests: {
          storage: told(
            meanings.disk_size,
            language,
            `${(Math.floor(disk / DISK_STEP) * DISK_STEP) / GiB}Gi`,
          ),
        },
      },
    },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf(place, options),
    spec: {
      replicas: told(meanings.replicas, language, podSize(place).replicas),
      serviceName: place.name,
      selector: { matchLabels: selectorOf(place) },
      template: podTemplate(place, variables, plan, options),
      volumeClaimTemplates: [claim],
    },
  };
}

/** Any number of equal pods, which keep nothing. `replicas` is the autoscaler's to say. */
export function deployment(
  place: AppPlace,
  variables: readonly Variable[],
  plan: BoxPlan,
  options: RenderOptions,
): YamlMap {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(place, options),
    spec: {
      selector: { matchLabels: selectorOf(place) },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: told(meanings.surge, options.language, { maxSurge: 1, maxUnavailable: 0 }),
      },
      template: podTemplate(place, variables, plan, options),
    },
  };
}

const BLOCK: Text = {
  en: 'A disk (CBS, EBS …): SQLite breaks on network file systems such as NFS and CFS',
  zh: '须为块存储（CBS、云盘等）：SQLite 放在 NFS、CFS 等网络文件系统上会损坏',
};
