import { type Language, say } from '@maque/kit';
import type { PlannedMaque } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { remarkOn } from '../../comment-numbers.ts';
import { toldVariables } from '../../told-variables.ts';
import { remarked, type YamlValue } from '../../yaml/index.ts';
import { ofJava } from './environment-of-java.ts';
import { ofNode } from './environment-of-node.ts';
import { ofPython } from './environment-of-python.ts';
import { type ContainerMeanings, DATA_FOLDER, type Variable } from './variable.ts';

export interface AroundContainer {
  /** The public name of the server. */
  readonly domain: string;
  /** Whether whoever runs the containers starts one for each process of a Node program. */
  readonly isOneProcess: boolean;
}

/** What tells a program in a container its part of the plan. All of them listen on all addresses of the container. */
export function appEnvironment(
  place: AppPlace,
  { domain, isOneProcess }: AroundContainer,
  meanings: ContainerMeanings,
): readonly Variable[] {
  const { service } = place;
  switch (service.kind) {
    case 'maque':
      return ofMaque(place, service, domain, meanings);
    case 'node':
      return ofNode(place, service, isOneProcess, meanings);
    case 'java':
      return ofJava(place, service, meanings);
    case 'python':
      return ofPython(place, service, meanings);
  }
}

/** The variables as a map of a YAML file, each with its remark. */
export function environmentMap(
  variables: readonly Variable[],
  language: Language,
): Readonly<Record<string, YamlValue>> {
  return Object.fromEntries(
    variables.map(({ name, value, meaning, formula = '', note }) => {
      const lines = [
        ...(meaning === undefined ? [] : [remarkOn({ meaning, formula }, language)]),
        ...(note === undefined ? [] : [say(note, language)]),
      ];
      return [name, lines.length === 0 ? value : remarked(lines, value)];
    }),
  );
}

function ofMaque(
  { port }: AppPlace,
  { request, budget }: PlannedMaque,
  domain: string,
  meanings: ContainerMeanings,
): readonly Variable[] {
  return [
    { name: 'MAQUE_ENV', value: 'prod' },
    { name: 'MAQUE_HOST', value: '0.0.0.0' },
    { name: 'PORT', value: String(port), meaning: meanings.port },
    { name: 'MAQUE_DATA_DIR', value: DATA_FOLDER },
    { name: 'MAQUE_PUBLIC_URL', value: `https://${domain}` },
    { name: 'MAQUE_MEMORY', value: String(budget.basis.limitBytes), meaning: meanings.budget },
    { name: 'MAQUE_WORKERS', value: String(budget.workers), meaning: meanings.workers },
    ...toldVariables(request).map((variable) => ({ ...variable, meaning: meanings.told_setting })),
  ];
}
