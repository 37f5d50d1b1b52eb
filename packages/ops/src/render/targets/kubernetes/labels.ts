import { createHash } from 'node:crypto';
import type { AppPlace } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';
import type { YamlMap } from '../../yaml/index.ts';
import type { Variable } from '../container/variable.ts';

/** By which its pods are found: never changed, since a Deployment refuses that. */
export function selectorOf({ name }: AppPlace): YamlMap {
  return { 'app.kubernetes.io/name': name };
}

/** What all programs of a plan have in common. */
export function partOf({ app }: RenderOptions): YamlMap {
  return { 'app.kubernetes.io/part-of': app };
}

export function labelsOf(place: AppPlace, options: RenderOptions): YamlMap {
  return { ...selectorOf(place), ...partOf(options) };
}

export function metadataOf(place: AppPlace, options: RenderOptions, suffix = ''): YamlMap {
  return { name: `${place.name}${suffix}`, labels: labelsOf(place, options) };
}

/** Changes with the settings, so that pods are replaced when those change: Kubernetes would not do it by itself. */
export function digestOf(variables: readonly Variable[]): string {
  const text = variables.map(({ name, value }) => `${name}=${value}`).join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
