import type { Host, Reading } from '../host/host.ts';
import type { ProcessFacts } from './processes.ts';
import { askVersion, pathSeenBy } from './program-version.ts';

export interface NodeVersion {
  /** `20.11.0`. */
  readonly text: string;
  readonly major: number;
}

/**
 * From the path, as nvm, fnm, n, Volta and BT panel lay it out; from the header that is installed beside the program;
 * from the image's own variable; else the program is asked.
 */
export async function readNodeVersion(host: Host, process: ProcessFacts): Promise<Reading<NodeVersion>> {
  const { executable, environment } = process;
  const fromPath = /\/(?:node-)?v?(\d+\.\d+\.\d+)[^/]*\/(?:.*\/)?bin\/node[^/]*$/.exec(executable ?? '')?.[1];
  if (fromPath !== undefined) return known(fromPath);
  const folder = executable?.replace(/\/bin\/[^/]*$/, '') ?? '/usr';
  const header = await host.read(pathSeenBy(process, `${folder}/include/node/node_version.h`));
  if (header.kind === 'value') {
    const part = (name: string) => new RegExp(`NODE_${name}_VERSION (\\d+)`).exec(header.value)?.[1];
    return known(`${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`);
  }
  const fromImage = environment?.get('NODE_VERSION');
  if (fromImage !== undefined) return known(fromImage);
  const told = await askVersion(host, process);
  return told.kind === 'value' ? known(told.value) : told;
}

function known(text: string): Reading<NodeVersion> {
  const match = /^v?((\d+)\.\d+\.\d+)/.exec(text);
  return match?.[1] === undefined
    ? { kind: 'absent' }
    : { kind: 'value', value: { text: match[1], major: Number(match[2]) } };
}
