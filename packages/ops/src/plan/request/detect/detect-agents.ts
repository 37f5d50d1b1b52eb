import { MiB } from '@maque/kit';
import { agentVendor } from '../../../doctor/facts/cloud-agents.ts';
import type { ProcessFacts } from '../../../doctor/facts/processes.ts';
import { programName, programOf, SERVER_PROGRAMS } from '../../../doctor/facts/program.ts';
import { memoryOf, type ServiceFacts } from '../../../doctor/facts/services.ts';
import { type DetectedService, planName } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

/** Smaller ones are within the error of what the system takes. */
const WORTH_COUNTING = 16 * MiB;
/** The largest of them; a list that nobody reads helps nobody. */
const MOST_OTHERS = 20;
/** What every Linux server runs: the system's own line of the sum is for these. */
const SYSTEM =
  /^(systemd.*|init|dbus.*|sshd.*|cron|crond|anacron|atd|rsyslogd|syslog-ng|agetty|login|sudo|su|bash|sh|dash|zsh|fish|screen|tmux.*|udevd|chronyd|ntpd|NetworkManager|dhclient|dhcpcd|wpa_supplicant|polkitd|snapd|unattended-upgr.*|packagekitd|multipathd|irqbalance|auditd|tuned|firewalld|fwupd|udisksd|ModemManager|accounts-daemon|networkd-dispat.*|lvmetad|rngd|gssproxy|postfix|master|qmgr|pickup|exim4)$/;

/** Agents of the cloud and panels, by whom they are from: together what they hold now. */
export function detectAgents({ services }: HostFacts): readonly DetectedService[] {
  const processes = services.flatMap((service) => service.processes);
  const found = processes.filter((process) => agentVendor(process) !== undefined);
  return [...Map.groupBy(found, (process) => agentVendor(process) ?? '')].map(([vendor, members]) =>
    fixed(planName(vendor.toLowerCase(), 'agent'), members),
  );
}

/**
 * Everything else that serves and is known by nothing but its size: PHP, PostgreSQL, Docker, units of somebody's own.
 * Of what runs in no unit, only programs that are known to serve: a login session is not there at night.
 */
export function detectOthers(
  { services }: HostFacts,
  claimed: ReadonlySet<number>,
): readonly DetectedService[] {
  return services
    .map((service) => ({ service, left: service.processes.filter((one) => isOther(one, service, claimed)) }))
    .filter(({ left }) => left.reduce((sum, process) => sum + memoryOf(process), 0) >= WORTH_COUNTING)
    .slice(0, MOST_OTHERS)
    .map(({ service, left }) => fixed(planName(service.name, 'other'), left));
}

function isOther(process: ProcessFacts, service: ServiceFacts, claimed: ReadonlySet<number>): boolean {
  if (claimed.has(process.pid) || SYSTEM.test(programName(process))) return false;
  const program = programOf(process);
  // Node and Python programs in no unit are a login session's: those that serve were found by their ports.
  const isSessions = program === 'node' || program === 'python' || program === 'java';
  const serves = (SERVER_PROGRAMS.has(program) && !isSessions) || program === 'containers';
  return service.unit !== null || service.container !== null || serves;
}

function fixed(name: string, members: readonly ProcessFacts[]): DetectedService {
  const bytes = members.reduce((sum, process) => sum + memoryOf(process), 0);
  return { service: { kind: 'agent', name, bytes }, pids: members.map(({ pid }) => pid), notes: [] };
}
