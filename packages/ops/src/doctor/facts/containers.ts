import type { Bytes } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';

/** A container as Docker or Podman tells of it; its environment is never asked for. */
export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly isRunning: boolean;
  /** Null is no limit. */
  readonly memoryBytes: Bytes | null;
  readonly restarts: number;
  readonly exitCode: number;
  readonly wasOomKilled: boolean;
  /** Of a log that grows in a file on the disk; null where there is none, or it is somewhere else. */
  readonly log: { readonly isBounded: boolean } | null;
}

/** More than a small server runs. */
const MOST_CONTAINERS = 200;

export const LIST_CONTAINERS: readonly string[] = ['ps', '--all', '--quiet', '--no-trunc'];

const TEMPLATE = [
  '{"Id":{{json .Id}},"Name":{{json .Name}},"Running":{{json .State.Running}}',
  '"OOMKilled":{{json .State.OOMKilled}},"ExitCode":{{json .State.ExitCode}},"RestartCount":{{json .RestartCount}}',
  '"Memory":{{json .HostConfig.Memory}},"LogConfig":{{json .HostConfig.LogConfig}}}',
].join(',');

export function inspectArguments(ids: readonly string[]): readonly string[] {
  return ['inspect', '--type=container', `--format=${TEMPLATE}`, ...ids];
}

/** Absent where neither program is there, or its service does not run. */
export async function readContainers(host: Host): Promise<Reading<readonly ContainerFacts[]>> {
  for (const program of ['docker', 'podman']) {
    const listed = await host.run(program, LIST_CONTAINERS);
    if (listed.kind === 'absent') continue;
    if (listed.kind === 'unreadable') return listed;
    const { stdout, stderr, code } = listed.value;
    if (code !== 0 && /permission denied/i.test(stderr)) return { kind: 'unreadable', reason: 'EACCES' };
    if (code !== 0) continue;
    const ids = stdout.split('\n').filter((id) => /^[0-9a-f]{12,64}$/.test(id));
    return ids.length === 0
      ? { kind: 'value', value: [] }
      : inspect(host, program, ids.slice(0, MOST_CONTAINERS));
  }
  return { kind: 'absent' };
}

async function inspect(
  host: Host,
  program: string,
  ids: readonly string[],
): Promise<Reading<readonly ContainerFacts[]>> {
  const output = await host.run(program, inspectArguments(ids));
  if (output.kind !== 'value') return output;
  // One that ended between the two commands makes it exit with 1; the others are there.
  const containers = output.value.stdout.split('\n').map(containerOf);
  return { kind: 'value', value: containers.filter((container) => container !== undefined) };
}

interface Inspected {
  readonly Id?: string;
  readonly Name?: string;
  readonly Running?: boolean;
  readonly OOMKilled?: boolean;
  readonly ExitCode?: number;
  readonly RestartCount?: number;
  readonly Memory?: number;
  readonly LogConfig?: { readonly Type?: string; readonly Config?: Readonly<Record<string, string>> | null };
}

function containerOf(line: string): ContainerFacts | undefined {
  let told: Inspected;
  try {
    told = JSON.parse(line) as Inspected;
  } catch {
    return undefined;
  }
  const { Id: id = '', Name: name = '', Memory: memory = 0, LogConfig: log } = told;
  return {
    id,
    name: name.replace(/^\//, ''),
    isRunning: told.Running === true,
    memoryBytes: memory > 0 ? memory : null,
    restarts: told.RestartCount ?? 0,
    exitCode: told.ExitCode ?? 0,
    wasOomKilled: told.OOMKilled === true,
    log: log?.Type === 'json-file' ? { isBounded: log.Config?.['max-size'] !== undefined } : null,
  };
}
