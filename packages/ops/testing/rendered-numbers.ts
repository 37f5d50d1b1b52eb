import type { RenderedFile } from '../src/render/rendered-file.ts';

/** A number that somebody chose: not part of a name, a path or an address. */
const NUMBER = /(?<![\w./:$-])\d+(?:ms|[a-zA-Z])?\b(?![./:-]?\w)/;
/** Ports, protocols and modes that are what they are, and switches. */
const GIVEN =
  /listen |server_name|return \d|error_page|error\b.*code|proxy_http_version|local\/|=(?:yes|no)$|Mode=/;

/**
 * Lines of a file whose comments begin with `#` that have a number and no remark on it: right above them, or above the
 * lines with numbers before them, for several share one.
 */
export function numbersWithoutRemark({ path, content }: RenderedFile): readonly string[] {
  const found: string[] = [];
  let isExplained = false;
  for (const line of content.split('\n').map((one) => one.trim())) {
    if (line.startsWith('#')) {
      isExplained ||= /^# [\w-]+\.\w+(?: =|:)/.test(line);
      continue;
    }
    const hasNumber = NUMBER.test(line) && !GIVEN.test(line);
    if (hasNumber && !isExplained) found.push(`${path}: ${line}`);
    // A block, or a line that goes on in the next one, may have its number inside.
    isExplained &&= NUMBER.test(line) || /[{_]$|^[^;]+=off$/.test(line);
  }
  return found;
}
