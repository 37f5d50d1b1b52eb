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

/** A number that somebody chose, or a time of day: not part of a name, a path or an address. */
const NUMBER = /(?<![\w./:$-])-?\d+(?:ms|min|day|[a-zA-Z])?\b(?![./:-]?\w)|\s\d\d:\d\d/;
/** Ports, protocols and modes that are what they are, and switches. */
const GIVEN =
  /listen |server_name|return \d|error_page|error\b.*code|proxy_http_version|local\/|=(?:yes|no)$|Mode=/;
/** A line after which the explained number may still come: a block, or one that goes on. */
const GOES_ON = /[{_]$|^[^;]+=off$/;

/**
 * Lines of files with `#` comments that have a number and no remark on it: right above them, or above the lines with
 * numbers before them, for several share one.
 * @param given more lines whose numbers are part of a format or of a name
 */
export function unexplainedNumbers(
  files: readonly RenderedFile[],
  given: RegExp = /(?!)/,
): readonly string[] {
  return files.flatMap(({ target, path, content }) => {
    const remark = new RegExp(`^# ${target}\\.\\w+(?: =|:)`);
    let isExplained = false;
    return content.split('\n').flatMap((told) => {
      const line = told.trim();
      if (line.startsWith('#')) {
        isExplained ||= remark.test(line);
        return [];
      }
      const hasNumber = NUMBER.test(line);
      const isMissing = hasNumber && !isExplained && !GIVEN.test(line) && !given.test(line);
      isExplained &&= hasNumber || GOES_ON.test(line);
      return isMissing ? [`${path}: ${line}`] : [];
    });
  });
}
