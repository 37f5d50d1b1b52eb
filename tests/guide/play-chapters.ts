import { describe, expect, it } from 'vitest';
import { blocksIn, chaptersIn, type Language } from './blocks.ts';
import { Stage } from './stage.ts';

/** The guide is run: every file, command and answer in it that is marked so. How to mark them: blocks.ts. */
export function playChapters(language: Language): void {
  describe(`the guide in ${language}`, () => {
    it.each(chaptersIn(language))('does what it says in %s', { timeout: 120_000 }, async (chapter) => {
      const blocks = blocksIn(language, chapter);
      expect(blocks.filter(({ marks }) => /^(run|start)\b/.test(marks)).length).toBeGreaterThan(1);
      await using stage = await Stage.open(language);
      for (const block of blocks) {
        if (block.marks === 'start') await stage.checkTypes();
        await stage.play(block);
      }
      await stage.checkTypes();
    });
  });
}
