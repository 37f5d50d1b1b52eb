import { nearestName } from '@maque/kit';
import type { BoxPlan } from '../plan/box/box-plan.ts';
import { renderErrors } from './render-errors.ts';
import type { RenderedFile } from './rendered-file.ts';
import type { RenderOptions, RenderTarget } from './target.ts';
import { targets } from './target-list.ts';

/**
 * The files of a plan, in the order of the targets. Pure.
 * @param names of the targets that are wanted; all where none is told
 * @throws CodedError RENDER_TARGET_UNKNOWN, RENDER_TARGET_MISSPELLED, or what a target refuses for
 */
export function render(
  plan: BoxPlan,
  options: RenderOptions,
  names: readonly string[] = [],
): readonly RenderedFile[] {
  return chosenTargets(names).flatMap((target) => target.render(plan, options));
}

/** @throws CodedError RENDER_TARGET_UNKNOWN, RENDER_TARGET_MISSPELLED */
export function chosenTargets(names: readonly string[]): readonly RenderTarget[] {
  for (const name of names) {
    if (targets.some((target) => target.name === name)) continue;
    const nearest = nearestName(
      name,
      targets.map((target) => target.name),
    );
    throw nearest === undefined
      ? renderErrors.RENDER_TARGET_UNKNOWN({ data: { name } })
      : renderErrors.RENDER_TARGET_MISSPELLED({ data: { name, nearest } });
  }
  return names.length === 0 ? targets : targets.filter(({ name }) => names.includes(name));
}
