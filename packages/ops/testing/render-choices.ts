import fc from 'fast-check';
import { renderOptions } from '../src/render/render-options.ts';
import type { RenderOptions } from '../src/render/target.ts';

/** Options of every kind that is accepted: both languages, short names and the longest, any port. */
export function renderChoices(told: Partial<RenderOptions> = {}): fc.Arbitrary<RenderOptions> {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/);
  return fc
    .record({
      language: fc.constantFrom('en' as const, 'zh-CN' as const),
      app: fc.constantFrom('shop', 'a', 'my-mini-program-of-the-year-26'),
      domain: fc
        .array(label, { minLength: 1, maxLength: 5 })
        .map((labels) => [...labels, 'example', 'com'].join('.')),
      port: fc.integer({ min: 1_024, max: 60_000 }),
    })
    .map((some) => renderOptions({ ...some, ...told }));
}
