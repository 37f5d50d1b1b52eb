import { type Language, say } from '@maque/kit';
import { NAMELESS } from './explain-kill.ts';
import type { Kill } from './kill.ts';

/** When, who, where, and by whom. `isOfSeveral`: the log is of several machines, so each is named. */
export function titleOf(kill: Kill, language: Language, isOfSeveral: boolean): string {
  const { pid, time, uptimeSeconds } = kill;
  const when = time ?? (uptimeSeconds === null ? '' : `[${uptimeSeconds.toFixed(0)} s]`);
  const [who = '', ...rest] = partsOf(kill, language);
  const at = isOfSeveral && kill.host !== null ? `${kill.host}: ` : '';
  const numbered = pid === null ? who : `${who} (${pid})`;
  return `${when === '' ? '' : `${when}  `}${at}${[numbered, ...rest].join(' · ')}`;
}

/** What kills have in common that differ in when and in their process. */
export function kindOf(kill: Kill, language: Language, isOfSeveral: boolean): string {
  const at = isOfSeveral && kill.host !== null ? `${kill.host}: ` : '';
  return at + partsOf(kill, language).join(' · ');
}

function partsOf({ name, unit, mechanism }: Kill, language: Language): readonly string[] {
  const who = name ?? say(NAMELESS, language);
  return [who, ...(unit === null || unit === name ? [] : [unit]), mechanism];
}

export function isOfSeveralMachines(kills: readonly Kill[]): boolean {
  return new Set(kills.map(({ host }) => host).filter((host) => host !== null)).size > 1;
}
