import { dirname } from 'node:path';
import type { Host, Reading } from '../host/host.ts';
import { findNginx, type NginxPlace } from './nginx-places.ts';
import { type NginxServer, serversOf } from './nginx-servers.ts';
import { directivesNamed, type NginxDirective, parseNginx } from './nginx-syntax.ts';
import { pathsLike } from './paths-like.ts';
import type { ProcessFacts } from './processes.ts';

/** An nginx with its configuration, all its files put together. */
export interface NginxFacts {
  readonly place: NginxPlace;
  readonly directives: readonly NginxDirective[];
  readonly servers: readonly NginxServer[];
  /** Files of its configuration that may not be read: what stands there is not known. */
  readonly unread: readonly string[];
}

/** Includes within includes; nobody goes deeper on purpose. */
const DEEPEST = 10;
/** More files than a small server has sites. */
const MOST_FILES = 500;

/** Absent where none runs. */
export async function readNginx(
  host: Host,
  processes: Reading<readonly ProcessFacts[]>,
): Promise<Reading<readonly NginxFacts[]>> {
  const places = await findNginx(host, processes);
  if (places.kind !== 'value') return places;
  const found: NginxFacts[] = [];
  for (const place of places.value) {
    const reader = new ConfigReader(host, place);
    const directives = await reader.read(place.config, 0);
    if (directives === null) return { kind: 'unreadable', reason: place.config };
    found.push({ place, directives, servers: serversOf(directives), unread: reader.unread });
  }
  return { kind: 'value', value: found };
}

/** Where a file of a directive is on this host; relative ones begin at the folder of the main file. */
export function outsidePath({ place }: Pick<NginxFacts, 'place'>, path: string): Promise<string> {
  return place.outside(path.startsWith('/') ? path : `${dirname(place.config)}/${path}`);
}

/** Values of a directive wherever it stands, each with its place. */
export function everywhere({ directives }: NginxFacts, name: string): readonly NginxDirective[] {
  return directivesNamed(name, directives);
}

class ConfigReader {
  readonly unread: string[] = [];
  #files = 0;
  readonly #host: Host;
  readonly #place: NginxPlace;

  constructor(host: Host, place: NginxPlace) {
    this.#host = host;
    this.#place = place;
  }

  /** Null when it cannot be read. */
  async read(path: string, depth: number): Promise<readonly NginxDirective[] | null> {
    this.#files += 1;
    if (this.#files > MOST_FILES || depth > DEEPEST) return [];
    const text = await this.#host.read(await this.#place.outside(path));
    if (text.kind !== 'value') return null;
    return this.#expand(parseNginx(text.value, path), depth);
  }

  async #expand(directives: readonly NginxDirective[], depth: number): Promise<readonly NginxDirective[]> {
    const whole: NginxDirective[] = [];
    for (const directive of directives) {
      if (directive.name === 'include') whole.push(...(await this.#include(directive.args[0] ?? '', depth)));
      else if (directive.block === null) whole.push(directive);
      else whole.push({ ...directive, block: await this.#expand(directive.block, depth) });
    }
    return whole;
  }

  async #include(pattern: string, depth: number): Promise<readonly NginxDirective[]> {
    const inside = pattern.startsWith('/') ? pattern : `${dirname(this.#place.config)}/${pattern}`;
    const folder = dirname(inside);
    const outside = await this.#place.outside(folder);
    const paths = await pathsLike(this.#host, `${outside}${inside.slice(folder.length)}`);
    const found: NginxDirective[] = [];
    for (const path of paths) {
      const name = `${folder}${path.slice(path.lastIndexOf('/'))}`;
      const directives = await this.read(name, depth + 1);
      if (directives === null) this.unread.push(name);
      else found.push(...directives);
    }
    return found;
  }
}
