import type { RenderedFile } from '../src/render/rendered-file.ts';
import type { RenderTarget } from '../src/render/target.ts';

/** Meanings that no file of these mentions. */
export function unusedMeanings(
  { meanings }: RenderTarget,
  files: readonly RenderedFile[],
): readonly string[] {
  const text = files.map(({ content }) => content).join('\n');
  const isUsed = (id: string) => new RegExp(`${id.replaceAll('.', '\\.')}( =|:)`).test(text);
  return Object.values(meanings)
    .map(({ id }) => id)
    .filter((id) => !isUsed(id));
}

/**
 * Lines of files with `#` comments that have a number and no remark on it: in the comments right above them, or above
 * the line before, where several lines share one.
 * @param plain numbers that are part of a format or of a name, such as a mode
 */
export function unexplainedNumbers(files: readonly RenderedFile[], plain: RegExp): readonly string[] {
  return files.flatMap(({ target, path, content }) => {
    let isExplained = false;
    return content.split('\n').flatMap((line) => {
      if (line.startsWith('#') || line.trimStart().startsWith('#')) {
        isExplained ||= line.trimStart().startsWith(`# ${target}.`);
        return [];
      }
      const isNumber = /(^|[\s=:+])-?\d/.test(line) && !plain.test(line);
      const found = isNumber && !isExplained ? [`${path}: ${line}`] : [];
      // What comes after a line without a number belongs to something else.
      isExplained &&= isNumber;
      return found;
    });
  });
}
