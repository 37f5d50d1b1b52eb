import { describe, expect, it } from 'vitest';
import { logNames, reportOf, textOfLog } from '../../testing/recorded-oom.ts';
import { displayWidth } from '../present/display-width.ts';
import { plain } from '../present/style.ts';
import { formatOom } from './format-oom.ts';

describe.each(['en', 'zh-CN'] as const)('formatOom in %s', (language) => {
  it.each(logNames())('fits into a terminal of 80 columns, but for lines to copy and names: %s', (name) => {
    const lines = formatOom(reportOf(textOfLog(name)), language, plain, [], 80);
    const sentences = lines.filter((line) => !/^ {6}\S|\S{40}/.test(line));
    for (const line of sentences) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
  });
});
