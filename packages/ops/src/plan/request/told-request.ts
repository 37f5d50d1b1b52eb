import type { BoxRequest, Elsewhere, LoadRequest, PlanRequest } from '../box/box-request.ts';
import { APP_KINDS, type MaqueRequest, type ServiceRequest } from '../box/service-request.ts';
import { parseElsewhere, refuseBoth, withPlaces } from './elsewhere.ts';
import { ownName } from './own-name.ts';
import type { Problems } from './problems.ts';
import { readValue } from './read-section.ts';
import { ELSEWHERE_FLAG, requestFlags, SERVICES_FLAG } from './request-flags.ts';
import { parseServiceWords, wordsOfList } from './service-words.ts';

/** What was told of a plan, by flags or by answers. */
export interface ToldRequest {
  readonly box: Partial<BoxRequest>;
  /** All that runs there; undefined where nobody said. */
  readonly services: readonly ServiceRequest[] | undefined;
  /** What runs on other machines; undefined where nobody said. */
  readonly elsewhere: readonly Elsewhere[] | undefined;
  readonly load: Partial<LoadRequest>;
}

/** Reads the flags that were given. What is wrong is left out and told. */
export function readToldRequest(
  flags: Readonly<Record<string, string | boolean>>,
  problems: Problems,
): ToldRequest {
  const told: { box: Record<string, unknown>; load: Record<string, unknown> } = { box: {}, load: {} };
  for (const { flag, part, field } of requestFlags) {
    if (flags[flag] === undefined) continue;
    const value = readValue(field, flags[flag], `--${flag}`, problems);
    if (value !== undefined) told[part][field.to] = value;
  }
  const words = flags[SERVICES_FLAG];
  const services =
    typeof words === 'string' ? parseServiceWords(words, `--${SERVICES_FLAG}`, problems) : undefined;
  const others = flags[ELSEWHERE_FLAG];
  const elsewhere =
    typeof others === 'string'
      ? parseElsewhere(wordsOfList(others), `--${ELSEWHERE_FLAG}`, problems)
      : undefined;
  refuseBoth(services ?? [], elsewhere ?? [], `--${ELSEWHERE_FLAG}`, problems);
  return { ...told, services, elsewhere };
}

/** What was told, over what is known or usual. */
export function withTold(base: PlanRequest, { box, services, elsewhere, load }: ToldRequest): PlanRequest {
  return {
    ...base,
    ...withPlaces(base, services, elsewhere),
    box: { ...base.box, ...box },
    load: { ...base.load, ...load },
  };
}

/** The services, and Maque where no other app is among them: a box without an app needs no plan. */
export function withApp(
  services: readonly ServiceRequest[],
  maque: Omit<MaqueRequest, 'kind' | 'name'> = {},
): readonly ServiceRequest[] {
  if (services.some(({ kind }) => APP_KINDS.has(kind))) return services;
  const taken = new Set(services.map(({ name }) => name));
  return [{ kind: 'maque', name: ownName('maque', taken), ...maque }, ...services];
}
