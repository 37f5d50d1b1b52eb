export { remarkOn } from './comment-numbers.ts';
export type { Meaning, MeaningTable } from './meaning.ts';
export { chosenTargets, render } from './render.ts';
export { renderErrors } from './render-errors.ts';
export { EXAMPLE_DOMAIN, renderOptions } from './render-options.ts';
export type { RenderedFile } from './rendered-file.ts';
export type { RenderOptions, RenderTarget } from './target.ts';
export { targets } from './target-list.ts';
