export type { Meaning, MeaningTable } from './meaning.ts';
export type { RenderedFile } from './rendered-file.ts';
export type { RenderOptions, RenderTarget } from './target.ts';
export { targets } from './target-list.ts';
