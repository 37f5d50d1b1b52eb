import { pm2HomeOf } from '../../../doctor/facts/pm2-apps.ts';
import type { ProcessFacts } from '../../../doctor/facts/processes.ts';
import { programName } from '../../../doctor/facts/program.ts';
import type { WatcherRequest } from '../../box/service-request.ts';
import type { DetectedService } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

/** As they call themselves, and as packages of Debian do. */
const PROGRAMS: readonly (readonly [WatcherRequest['program'], RegExp])[] = [
  ['node_exporter', /^(prometheus-)?node[-_]exporter$/],
  ['alertmanager', /^(prometheus-)?alertmanager$/],
  ['prometheus', /^prometheus$/],
  ['earlyoom', /^earlyoom$/],
];

export function detectWatchers({ services }: HostFacts): readonly DetectedService[] {
  const found = services.flatMap(({ processes }) =>
    processes.flatMap((process) => {
      const program = programOf(process);
      return program === undefined ? [] : [{ program, pid: process.pid }];
    }),
  );
  return [...Map.groupBy(found, ({ program }) => program)].map(([program, members]) => ({
    service: { kind: 'watcher', name: program.replaceAll('_', '-'), program },
    pids: members.map(({ pid }) => pid),
    notes: [],
  }));
}

function programOf(process: ProcessFacts): WatcherRequest['program'] | undefined {
  if (pm2HomeOf(process) !== null) return 'pm2';
  const name = programName(process);
  return PROGRAMS.find(([, pattern]) => pattern.test(name))?.[0];
}
