import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import { containers, docker, kindsOf, look, server, shop } from '../../../testing/unit-recordings.ts';
import type { Check } from '../check.ts';
import { LIST_CONTAINERS } from '../facts/containers.ts';
import { LIST_PODS } from '../facts/pods.ts';
import { containerLimits } from './container-limits.ts';
import { podLimits } from './pod-limits.ts';
import { unitWithoutLimit } from './unit-without-limit.ts';

interface ToldPod {
  readonly limits?: string;
  readonly requests?: string;
  readonly heap?: number;
  readonly reason?: string;
}

/** As `kubectl get pods --output=json` prints it, with a pod of the cluster itself beside it. */
function pod({ limits, requests, heap, reason }: ToldPod): HostRecording {
  const container = {
    name: 'app',
    image: 'shop:1',
    env: [
      { name: 'DATABASE_URL', value: 'mysql://shop:hunter2@db/shop' },
      { name: 'NODE_OPTIONS', value: heap === undefined ? '' : `--max-old-space-size=${heap}` },
    ],
    resources: {
      ...(limits === undefined ? {} : { limits: { memory: limits, cpu: '500m' } }),
      ...(requests === undefined ? {} : { requests: { memory: requests } }),
    },
  };
  const lastState = reason === undefined ? {} : { terminated: { exitCode: 137, reason } };
  const items = [
    {
      metadata: { namespace: 'default', name: 'shop-6b5f7' },
      spec: { containers: [container] },
      status: { containerStatuses: [{ name: 'app', restartCount: 1, lastState, state: { running: {} } }] },
    },
    {
      metadata: { namespace: 'kube-system', name: 'coredns-1' },
      spec: { containers: [{ name: 'coredns', resources: {} }] },
      status: {},
    },
  ];
  return {
    commands: {
      [`kubectl ${LIST_PODS.join(' ')}`]: JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }),
    },
  };
}

describe.each<[Check, string, HostRecording, readonly string[]]>([
  [containerLimits, 'limited', { commands: containers({ Memory: 300 * MiB }) }, ['ok']],
  [containerLimits, 'not limited', { commands: containers({ Memory: 0 }) }, ['warning']],
  [containerLimits, 'killed at its limit', { commands: containers({ OOMKilled: true }) }, ['critical']],
  [
    containerLimits,
    'killed, and nobody says by whom',
    { commands: containers({ Running: false, ExitCode: 137 }) },
    ['warning'],
  ],
  [containerLimits, 'restarted again and again', { commands: containers({ RestartCount: 12 }) }, ['warning']],
  [
    containerLimits,
    'a log without a bound',
    { commands: containers({ LogConfig: { Type: 'json-file', Config: {} } }) },
    ['warning'],
  ],
  [containerLimits, 'none', { commands: { [docker(LIST_CONTAINERS)]: '' } }, ['ok']],
  [
    containerLimits,
    'the service does not run',
    { commands: { [docker(LIST_CONTAINERS)]: { code: 1, stderr: 'Cannot connect to the Docker daemon' } } },
    ['not-applicable'],
  ],
  [containerLimits, 'no Docker', {}, ['not-applicable']],
  [
    containerLimits,
    'no right to ask',
    {
      commands: {
        [docker(LIST_CONTAINERS)]: {
          code: 1,
          stderr: 'permission denied while trying to connect to the Docker daemon socket\n',
        },
      },
    },
    ['unknown'],
  ],

  [podLimits, 'limited', pod({ limits: '384Mi', requests: '256Mi', heap: 256 }), ['ok']],
  [podLimits, 'not limited', pod({}), ['warning', 'info']],
  [podLimits, 'the heap is too large', pod({ limits: '384Mi', requests: '256Mi', heap: 320 }), ['warning']],
  [podLimits, 'killed', pod({ limits: '384Mi', requests: '256Mi', reason: 'OOMKilled' }), ['critical']],
  [podLimits, 'no cluster', {}, ['not-applicable']],
  [
    podLimits,
    'nobody answers',
    { commands: { [`kubectl ${LIST_PODS.join(' ')}`]: { code: 1, stderr: 'connection refused' } } },
    ['not-applicable'],
  ],
  [
    podLimits,
    'no right to ask',
    {
      commands: { [`kubectl ${LIST_PODS.join(' ')}`]: { code: 1, stderr: 'Error from server (Forbidden)' } },
    },
    ['unknown'],
  ],
])('$name', (check, situation, recording, expected) => {
  it(`${situation}: ${expected.join(', ')}`, async () => {
    expect(kindsOf(await look(check, recording))).toEqual(expected);
  });
});

it('leaves containers to the check of containers', async () => {
  const id = 'ab'.repeat(32);
  const inside = server([{ ...shop, cgroup: `/system.slice/docker-${id}.scope` }], {});
  expect(kindsOf(await look(unitWithoutLimit, inside))).toEqual(['ok']);
});
