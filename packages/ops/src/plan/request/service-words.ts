import type { Text } from '@maque/kit';
import { SERVICE_KINDS, type ServiceKind, type ServiceRequest } from '../box/service-request.ts';
import type { Problems } from './problems.ts';
import type { JsonObject } from './read-section.ts';
import { readService, withOwnNames } from './read-service.ts';
import { type RequestFields, writeField } from './request-field.ts';
import { BARE_WORD, serviceFields } from './service-fields.ts';

const WATCHERS = serviceFields.watcher.program.choices;
/** Words that people say instead. */
const ALIASES: Readonly<Record<string, JsonObject>> = {
  'spring-boot': { kind: 'java', framework: 'spring-boot' },
  tomcat: { kind: 'java', framework: 'tomcat' },
  gunicorn: { kind: 'python', server: 'gunicorn' },
  uvicorn: { kind: 'python', server: 'uvicorn' },
  'node-exporter': { kind: 'watcher', program: 'node_exporter' },
  ...Object.fromEntries(WATCHERS.map((program) => [program, { kind: 'watcher', program }])),
};
const NO_BARE: Text = {
  en: '{path}: {word} needs a name: {names}',
  zh: '{path}：{word} 前要写明是什么：{names}',
};
const DETAIL_ALONE: Text = {
  en: '{path}: {word} stands before any service',
  zh: '{path}：{word} 前面没有服务',
};
const TWICE: Text = { en: '{path}: {name} is told twice', zh: '{path}：{name} 写了两次' };

/**
 * Reads a list such as `nginx,mariadb:pool=192M,connections=40,java:spring-boot`: a comma begins the next service, or,
 * before `name=value`, goes on with the same one.
 * @param path where it was told, `--with`.
 */
export function parseServiceWords(text: string, path: string, problems: Problems): readonly ServiceRequest[] {
  const objects: Record<string, unknown>[] = [];
  for (const item of wordsOfList(text)) {
    const [first = '', ...rest] = item.split(':').map((one) => one.trim());
    const isDetail = first.includes('=');
    if (!isDetail) objects.push({ ...kindOf(first, path, problems) });
    const object = objects.at(-1);
    if (object === undefined) problems.add(path, DETAIL_ALONE, { word: first });
    else for (const word of isDetail ? [first, ...rest] : rest) addDetail(object, word, path, problems);
  }
  const read = objects.flatMap((object) => {
    if (object.kind === undefined) return [];
    const place = `${path} ${String(object.kind)}`;
    const service = readService(object, place, problems);
    return service === undefined ? [] : [{ service, path: place, isNamed: object.name !== undefined }];
  });
  return withOwnNames(read, problems);
}

/** `a, b` */
export function wordsOfList(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** The list that reads as these services: what the question about them offers. */
export function serviceWords(services: readonly ServiceRequest[]): string {
  return services.map(wordsOf).join(',');
}

function wordsOf(service: ServiceRequest): string {
  const bare = BARE_WORD[service.kind];
  const fields: RequestFields = serviceFields[service.kind];
  const details = Object.entries(fields).flatMap(([name, field]) => {
    const value = field.to
      .split('.')
      .reduce(
        (at: unknown, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
        service,
      );
    if (value === undefined) return [];
    const word = wordOf(writeField(field, value));
    return name === bare ? [word] : [`${name}=${word}`];
  });
  const isUsual =
    service.name === (service.kind === 'watcher' ? service.program.replaceAll('_', '-') : service.kind);
  if (service.kind === 'watcher' && isUsual) return service.program;
  // What has a word of its own comes first, so that all behind a comma is `name=value`.
  const ordered = details.toSorted((one, other) => Number(one.includes('=')) - Number(other.includes('=')));
  return [service.kind, ...ordered, ...(isUsual ? [] : [`name=${service.name}`])].join(':');
}

function wordOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

function kindOf(word: string, path: string, problems: Problems): JsonObject {
  if (SERVICE_KINDS.some((kind) => kind === word)) return { kind: word };
  if (Object.hasOwn(ALIASES, word)) return { ...ALIASES[word] };
  problems.unknown(path, word, [...SERVICE_KINDS, ...Object.keys(ALIASES)]);
  return {};
}

function addDetail(object: Record<string, unknown>, word: string, path: string, problems: Problems): void {
  const kind = SERVICE_KINDS.find((one): one is ServiceKind => one === object.kind);
  const [name = '', ...value] = word.split('=');
  const key = value.length === 0 ? bareName(kind, object) : camelCase(name);
  // What kind it is nobody knows; that is told when it is read.
  if (kind === undefined) return;
  if (key === undefined) {
    const names = Object.keys(serviceFields[kind]).map((one) => `${one}=`);
    problems.add(`${path} ${kind}`, NO_BARE, { word, names: names.join(', ') });
  } else if (Object.hasOwn(object, key)) problems.add(`${path} ${kind}`, TWICE, { name: key });
  else object[key] = value.length === 0 ? word : value.join('=');
}

function bareName(kind: ServiceKind | undefined, object: Record<string, unknown>): string | undefined {
  const name = kind === undefined ? undefined : BARE_WORD[kind];
  return name !== undefined && !Object.hasOwn(object, name) ? name : undefined;
}

function camelCase(name: string): string {
  return name.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}
