import { MiB, type Text } from '@maque/kit';
import { SERVICE_KINDS, type ServiceKind, type ServiceRequest } from '../box/service-request.ts';
import { ownName, SERVICE_NAME } from './own-name.ts';
import type { Problems } from './problems.ts';
import { shown } from './problems.ts';
import { type JsonObject, readSection } from './read-section.ts';
import { serviceFields } from './service-fields.ts';

const BAD_NAME: Text = {
  en: '{path}: a name of letters, digits and dashes, at most 40, is expected, not {actual}',
  zh: '{path}：名称应由字母、数字和短横线组成，最多 40 个字符，而不是 {actual}',
};
const SAME_NAME: Text = {
  en: '{path}: {name} is the name of two services',
  zh: '{path}：有两个服务都叫 {name}',
};
const NO_KIND: Text = { en: '{path} is missing: one of {kinds}', zh: '缺少 {path}：{kinds} 之一' };

/** What requests are read with by a server of Maque that nobody told otherwise. */
const USUAL_BODY_LIMIT = MiB;

/** A service as a file has it, or as words behind `--with` were sorted into. Undefined, and a problem, where it is none. */
export function readService(
  object: JsonObject,
  path: string,
  problems: Problems,
): ServiceRequest | undefined {
  const kind = kindOf(object.kind, path, problems);
  if (kind === undefined) return undefined;
  const before = problems.count;
  const values = readSection(serviceFields[kind], object, path, problems, ['kind', 'name']);
  const name = object.name ?? usualName(kind, values);
  if (typeof name !== 'string' || !SERVICE_NAME.test(name))
    problems.add(`${path}.name`, BAD_NAME, { actual: shown(name) });
  if (problems.count > before) return undefined;
  const { server } = values;
  const told = typeof server === 'object' ? { server: { bodyLimitBytes: USUAL_BODY_LIMIT, ...server } } : {};
  // Each value was read by the field that says what it is.
  return { kind, name, ...values, ...told } as unknown as ServiceRequest;
}

/**
 * Gives each service a name of its own: where two have the usual one, the second is `redis-2`; where two were given the
 * same one, that is told.
 */
export function withOwnNames(
  services: readonly { readonly service: ServiceRequest; readonly path: string; readonly isNamed: boolean }[],
  problems: Problems,
): readonly ServiceRequest[] {
  const taken = new Set<string>();
  for (const { service, path, isNamed } of services) {
    if (!isNamed) continue;
    if (taken.has(service.name)) problems.add(`${path}.name`, SAME_NAME, { name: service.name });
    taken.add(service.name);
  }
  return services.map(({ service, isNamed }) => {
    if (isNamed) return service;
    const name = ownName(service.name, taken);
    taken.add(name);
    return { ...service, name };
  });
}

function kindOf(raw: unknown, path: string, problems: Problems): ServiceKind | undefined {
  const kind = SERVICE_KINDS.find((one) => one === raw);
  if (kind !== undefined) return kind;
  if (raw === undefined) problems.add(`${path}.kind`, NO_KIND, { kinds: SERVICE_KINDS.join(', ') });
  else problems.unknown(`${path}.kind`, String(raw), SERVICE_KINDS);
  return undefined;
}

/** The kind; of what watches, the program, with dashes for what a unit's name may not have. */
function usualName(kind: ServiceKind, values: Readonly<Record<string, unknown>>): string {
  return kind === 'watcher' ? String(values.program).replaceAll('_', '-') : kind;
}
