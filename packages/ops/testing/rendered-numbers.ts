import type { RenderedFile } from '../src/render/rendered-file.ts';
import type { RenderTarget } from '../src/render/target.ts';

/** Meanings that no remark in the files names. */
export function unusedMeanings(
  { meanings }: Pick<RenderTarget, 'meanings'>,
  files: readonly RenderedFile[],
): readonly string[] {
  const text = files.map(({ content }) => content).join('\n');
  const ids = Object.values(meanings).map(({ id }) => id);
  return ids.filter((id) => !text.includes(`# ${id} = `) && !text.includes(`# ${id}: `));
}

/** A number that somebody chose: not part of a name, a path or an address. */
const NUMBER = /(?<![\w./:$-])\d+(?:ms|[a-zA-Z])?\b(?![./:-]?\w)/;
/** Ports and protocols that are what they are, and switches. */
const GIVEN =
  /listen |server_name|return \d|error_page|error\b.*code|proxy_http_version|local\/|=(?:yes|no)$/;

/** Lines of a file whose comments begin with `#` that have a number, and no remark on one above them. */
export function numbersWithoutRemark({ path, content }: RenderedFile): readonly string[] {
  const found: string[] = [];
  let isExplained = false;
  for (const line of content.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('[')) isExplained = false;
    else if (line.startsWith('#')) isExplained = isExplained || /^# [\w-]+\.\w+(?: =|:)/.test(line);
    else if (!isExplained && NUMBER.test(line) && !GIVEN.test(line)) found.push(`${path}: ${line}`);
    // A remark covers the lines right below it that have numbers, up to the end of a block.
    if (line.endsWith('}')) isExplained = false;
  }
  return found;
}
