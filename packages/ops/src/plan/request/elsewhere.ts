import type { Text } from '@maque/kit';
import { ELSEWHERE, type Elsewhere, type PlanRequest } from '../box/box-request.ts';
import type { ServiceKind, ServiceRequest } from '../box/service-request.ts';
import type { Problems } from './problems.ts';

const BOTH: Text = {
  en: '{path}: {part} is held by another machine, and yet {name} is to run here; leave one of them out',
  zh: '{path}：{part} 已放在其他机器上，这里又要运行 {name}；请去掉其中一个',
};

/** What runs on a box that holds such a thing itself. */
const HELD_HERE: Readonly<Record<Elsewhere, readonly ServiceKind[]>> = {
  database: ['mariadb', 'mysql'],
  redis: ['redis'],
  'object-store': [],
};

/** What runs on other machines; what is none of the known is told. */
export function parseElsewhere(
  words: readonly string[],
  path: string,
  problems: Problems,
): readonly Elsewhere[] {
  const found = words.flatMap((word) => {
    const known = ELSEWHERE.find((one) => one === word);
    if (known === undefined) problems.unknown(path, word, ELSEWHERE);
    return known ?? [];
  });
  return [...new Set(found)];
}

/** Who says in one breath that something runs here and elsewhere means one of them, and nobody knows which. */
export function refuseBoth(
  services: readonly ServiceRequest[],
  elsewhere: readonly Elsewhere[],
  path: string,
  problems: Problems,
): void {
  for (const part of elsewhere)
    for (const { kind, name } of services)
      if (HELD_HERE[part].includes(kind)) problems.add(path, BOTH, { part, name });
}

/** What was told last wins: a service that moved away is not here any more, and one that came is not elsewhere. */
export function withPlaces(
  base: Pick<PlanRequest, 'services' | 'elsewhere'>,
  services: readonly ServiceRequest[] | undefined,
  elsewhere: readonly Elsewhere[] | undefined,
): Pick<PlanRequest, 'services' | 'elsewhere'> {
  const isHeld = (part: Elsewhere, { kind }: ServiceRequest) => HELD_HERE[part].includes(kind);
  const away = elsewhere ?? base.elsewhere?.filter((part) => !services?.some((one) => isHeld(part, one)));
  const here = services ?? base.services.filter((one) => !elsewhere?.some((part) => isHeld(part, one)));
  return away === undefined ? { services: here } : { services: here, elsewhere: away };
}
