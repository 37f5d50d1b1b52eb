import { describe, expect, it } from 'vitest';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import {
  JOURNAL,
  journal,
  kindsOf,
  look,
  NO_BUS,
  restarting,
  server,
  shop,
  shopWorker,
} from '../../../testing/unit-recordings.ts';
import type { Check } from '../check.ts';
import { oomPolicy } from './oom-policy.ts';
import { unitRestarts } from './unit-restarts.ts';

function python(script: string): HostRecording {
  const executable = '/usr/bin/python3.11';
  const process = { ...shop, comm: 'python3', executable, commandLine: [executable, '-u', script] };
  return server([process], { 'shop.service': { Restart: 'no' } });
}

function closedJournal(): NonNullable<HostRecording['commands']> {
  return { [JOURNAL]: { code: 1, stderr: 'No journal files were found.\n', stdout: '-- No entries --\n' } };
}

describe.each<[Check, string, HostRecording, readonly string[]]>([
  [oomPolicy, 'continues', server([shop, shopWorker], { 'shop.service': { OOMPolicy: 'continue' } }), ['ok']],
  [oomPolicy, 'stops all', server([shop, shopWorker], { 'shop.service': {} }), ['warning']],
  [oomPolicy, 'one process', server([shop], { 'shop.service': {} }), ['not-applicable']],
  [
    oomPolicy,
    'systemd 219',
    server([shop, shopWorker], { 'shop.service': { OOMPolicy: '' } }),
    ['not-applicable'],
  ],
  [oomPolicy, 'no bus', NO_BUS, ['unknown']],

  [unitRestarts, 'always', restarting({ Restart: 'always' }), ['ok']],
  [unitRestarts, 'stays down', restarting({ Restart: 'no' }), ['warning']],
  [
    unitRestarts,
    'an init script of a panel',
    restarting({ Restart: 'no', Type: 'forking', SubState: 'exited', SourcePath: '/etc/init.d/nginx' }),
    ['warning'],
  ],
  [
    unitRestarts,
    'five times within the hour',
    restarting(
      { Restart: 'always', NRestarts: '40' },
      journal('shop.service: Scheduled restart job, restart counter is at 40.', 5),
    ),
    ['critical'],
  ],
  [
    unitRestarts,
    'five times within the hour, CentOS 7',
    restarting({ Restart: 'always' }, journal('shop.service holdoff time over, scheduling restart.', 5)),
    ['critical'],
  ],
  [
    unitRestarts,
    'twice, and each told of by two lines',
    restarting(
      { Restart: 'always' },
      journal(
        'shop.service: Service hold-off time over, scheduling restart.\nshop.service: Scheduled restart job, restart counter is at 2.',
        2,
      ),
    ),
    ['ok'],
  ],
  [
    unitRestarts,
    'the journal is closed, and it was just restarted for the 40th time',
    restarting(
      { Restart: 'always', NRestarts: '40', ActiveEnterTimestampMonotonic: '5000000000' },
      closedJournal(),
    ),
    ['warning'],
  ],
  [
    unitRestarts,
    'failed',
    restarting({ Restart: 'always', ActiveState: 'failed', SubState: 'failed', Result: 'oom-kill' }),
    ['critical'],
  ],
  [
    unitRestarts,
    'a script that returned 1',
    restarting({ Restart: 'always', ActiveState: 'failed', SubState: 'failed', Result: 'exit-code' }),
    ['ok'],
  ],
  [
    unitRestarts,
    'a script of the distribution',
    python('/usr/share/unattended-upgrades/unattended-upgrade-shutdown'),
    ['ok'],
  ],
  [unitRestarts, 'Gunicorn of the distribution', python('/usr/bin/gunicorn'), ['warning']],
  [unitRestarts, 'no bus', NO_BUS, ['unknown']],
])('$name', (check, situation, recording, expected) => {
  it(`${situation}: ${expected.join(', ')}`, async () => {
    expect(kindsOf(await look(check, recording))).toEqual(expected);
  });
});
