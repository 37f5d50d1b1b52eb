import { SHOW_UNITS } from '../src/doctor/facts/units.ts';
import type { HostRecording } from './recorded-host.ts';

/** What `systemctl show` says of a running service of Debian 12 where nobody set anything. */
const USUAL = {
  Type: 'simple',
  Restart: 'no',
  NRestarts: '0',
  Result: 'success',
  OOMPolicy: 'stop',
  SourcePath: '',
  MemoryMax: 'infinity',
  MemoryLimit: 'infinity',
  MemoryHigh: 'infinity',
  TasksMax: '2306',
  TasksCurrent: '1',
  ActiveState: 'active',
  SubState: 'running',
  ActiveEnterTimestampMonotonic: '8123456',
};

/** The answer of `systemctl show` about these units: their properties by name. */
export function recordedUnits(
  units: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Required<Pick<HostRecording, 'commands'>> {
  const blocks = Object.entries(units).map(([name, properties]) =>
    Object.entries({ ...USUAL, Id: name, ControlGroup: `/system.slice/${name}`, ...properties })
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return { commands: { [['systemctl', ...SHOW_UNITS].join(' ')]: blocks.join('\n') } };
}
