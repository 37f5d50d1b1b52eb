import type { Kill } from './kill.ts';
import { plausibleKb } from './plausible-size.ts';

/** A container's status in YAML or JSON, from its first line to the reason. */
const REMEMBERED = 30;
/** `docker inspect` has its memory limit some 90 lines below its state. */
const FOLLOWED = 160;
/** Of `docker inspect`, on one line. */
const MOST_CHARACTERS = 16_384;
const MECHANISMS: ReadonlySet<Kill['mechanism']> = new Set(['container', 'kubernetes']);

/** `key: value`, `"key": "value",`, with how far it is indented. */
const PAIR = /^(\s{0,80}(?:- )?)"?([A-Za-z]{1,40}(?: ID)?)"?\s{0,3}:\s{0,40}"?([^"]{0,300}?)"?,?\s*$/;
/** The name of a container in `kubectl describe`. */
const DESCRIBED = /^ {2}(\S[^:\s]{0,100}):\s*$/;
/** Of a container, all that is told of its end. */
const EXIT_CODE = /^\s{0,80}"?exit ?code"?\s{0,3}:/i;
/** All of a container on one line; what is below is another's. */
const ONE_LINE = /[{[].*(?:OOMKilled|exit ?code)/i;
/** Another container begins. */
const ITEM = /^(\s{0,80})(?:- |\{\s*$)/;
const HEADINGS = new Set(['State', 'Last State', 'Limits', 'Requests', 'Environment', 'Mounts']);

/**
 * What `kubectl describe`, `kubectl get -o yaml|json` and `docker inspect` print of a container that was killed: some of
 * it stands above the reason, some below.
 */
export class ContainerDetails {
  readonly #before: string[] = [];
  #at = 0;
  #left = 0;
  #indent = 0;
  #hasName = false;
  #isInLimits = false;

  /** Whether lines belong to a container that was killed. */
  get isFollowing(): boolean {
    return this.#left > 0;
  }

  remember(raw: string, lineNumber: number): void {
    this.#at = lineNumber % REMEMBERED;
    this.#before[this.#at] = raw;
  }

  /** A kill just found, with what stands above it. */
  complete(kill: Kill): Kill {
    const [own = '', ...above] = this.#upwards();
    if (!isOfContainer(kill, own) || kill.container !== null) return kill;
    if (ONE_LINE.test(own)) return tellIn(kill, own);
    this.#indent = indentOf(own);
    this.#left = FOLLOWED;
    this.#isInLimits = false;
    let told = kill;
    for (const line of above) {
      const item = ITEM.exec(line);
      const indent = indentOf(line);
      const described = DESCRIBED.exec(line)?.[1];
      if (described !== undefined && !HEADINGS.has(described) && this.#indent > 2) {
        told = { ...told, name: told.name ?? described };
        break;
      }
      if (indent <= this.#indent) told = tell(told, line, indent < this.#indent);
      if (item !== null && indent < this.#indent) break;
    }
    this.#hasName = told.name !== null;
    return told;
  }

  /** The same kill with what a line below it tells; undefined where that is nothing. */
  follow(kill: Kill, raw: string): Kill | undefined {
    this.#left -= 1;
    if (!MECHANISMS.has(kill.mechanism) && kill.mechanism !== 'exit-status') {
      this.#left = 0;
      return undefined;
    }
    const indent = indentOf(raw);
    const isOther =
      indent < this.#indent && (ITEM.test(raw) || (DESCRIBED.test(raw) && raw.trimEnd().endsWith(':')));
    if (isOther && !/^\s*"?(?:HostConfig|State)/.test(raw)) {
      this.#left = 0;
      return undefined;
    }
    if (/^\s*"?[Ll]imits"?:/.test(raw)) this.#isInLimits = true;
    const told = tell(kill, raw, indent < this.#indent && !this.#hasName, this.#isInLimits);
    if (told === kill) return undefined;
    if (told.name !== kill.name) this.#hasName = true;
    return told;
  }

  #upwards(): readonly string[] {
    const lines: string[] = [];
    for (let back = 0; back < REMEMBERED; back += 1) {
      const line = this.#before[(this.#at - back + REMEMBERED) % REMEMBERED];
      if (line === undefined) break;
      lines.push(line.slice(0, 1_000));
    }
    return lines;
  }
}

function isOfContainer({ mechanism, name }: Kill, own: string): boolean {
  return MECHANISMS.has(mechanism) || (mechanism === 'exit-status' && name === null && EXIT_CODE.test(own));
}

/**
 * All on one line: `docker inspect --format '{{json .State}}'`, `jq -c`. Of what Docker tells, only a container's own name
 * begins with `/`; of a pod the first name is its own, or a container's.
 */
function tellIn(kill: Kill, line: string): Kill {
  const isPod = kill.mechanism === 'kubernetes';
  return line
    .slice(0, MOST_CHARACTERS)
    .split(/[,{]/)
    .reduce((told, part) => tell(told, part.replace(/[\]}]+\s*$/, ''), isPod || part.includes('"/')), kill);
}

function tell(kill: Kill, line: string, mayName: boolean, isInLimits = false): Kill {
  const match = PAIR.exec(line);
  if (match === null) return kill;
  const [, , key = '', value = ''] = match;
  switch (key) {
    case 'Name':
    case 'name':
      return mayName && value !== '' && kill.name === null
        ? { ...kill, name: value.replace(/^\//, '') }
        : kill;
    case 'finishedAt':
    case 'FinishedAt':
    case 'Finished':
      return kill.time === null ? { ...kill, time: isoOf(value) } : kill;
    case 'containerID':
    case 'Container ID':
    case 'Id':
    case 'id':
      return { ...kill, container: kill.container ?? /[0-9a-f]{12,64}/.exec(value)?.[0] ?? null };
    case 'Memory': {
      const bytes = Number(value);
      return bytes > 0 && kill.limitKb === null
        ? { ...kill, limitKb: plausibleKb(Math.round(bytes / 1_024)) }
        : kill;
    }
    case 'memory':
      return isInLimits && kill.limitKb === null ? { ...kill, limitKb: kilobytesOf(value) } : kill;
    default:
      return kill;
  }
}

function indentOf(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

/** `2026-05-01T00:10:00.123456789Z`, `Fri, 01 May 2026 08:10:00 +0800`. */
function isoOf(text: string): string | null {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text))
    return text.startsWith('0001') ? null : text.replace(/(\.\d{3})\d+/, '$1');
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

const UNITS: Readonly<Record<string, number>> = {
  Ki: 1,
  Mi: 1_024,
  Gi: 1_048_576,
  k: 0.9765625,
  M: 976.5625,
  G: 976_562.5,
};

/** Of a quantity as Kubernetes writes it; null where it is none. */
export function kilobytesOf(text: string): number | null {
  const [, number = '', unit = ''] = /^(\d{1,15})(Ki|Mi|Gi|k|M|G)?$/.exec(text) ?? [];
  if (number === '') return null;
  return plausibleKb(Math.round(unit === '' ? Number(number) / 1_024 : Number(number) * (UNITS[unit] ?? 1)));
}
