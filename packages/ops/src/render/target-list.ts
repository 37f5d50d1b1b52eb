import type { RenderTarget } from './target.ts';

/** Every kind of file that a plan is rendered to, in the order in which they are shown. */
export const targets: readonly RenderTarget[] = [];
