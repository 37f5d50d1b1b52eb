import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
// What WeChat's own files have, patterns that answers and logs are held against, and what a user of the simulator types.
const OTHERS_FORM = /exit-words|trade-bill|value-rules|question\.ts|fixture|\.test\.ts/;

const HAN = '[\\u3400-\\u9fff\\u3001\\u3002\\uff08-\\uff1f]';
/** Of ASCII beside Han or its punctuation. A colon may begin what is code: a parameter of a path (`:name`). */
const BESIDE_HAN = new RegExp(`${HAN}[,;:!?(]|[,;:!?)]${HAN}|\\(${HAN}|${HAN}\\)`);
/** What ends a placeholder at the end of a text, or before a word. `{host}:{port}` is none. */
const AFTER_PLACEHOLDER = /\}(?:[,;:!?](?:$|[a-z])|\((?!\)))/i;
const LITERAL = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
/** `role(…)` and `VARCHAR(500)` stay what they are, whatever stands behind. */
const CALL = /[a-z_]\((?:[\w.…-]*)\)/gi;
const CODE = /host}:{port}|主机:端口|:参数名/g;

it('Chinese texts have Chinese punctuation', async () => {
  const faults: string[] = [];
  const sources = ['packages/*/src/**/*.ts', 'examples/*/src/**/*.ts', 'packages/maque/bin/*.js'];
  const files = globSync(sources, { cwd: ROOT }).filter((file) => !OTHERS_FORM.test(file));
  expect(files.length).toBeGreaterThan(500);
  for (const file of files) {
    const source = (await readFile(join(ROOT, file), 'utf8')).replace(/^\s*(?:\/?\*|\/\/).*$/gm, '');
    for (const [literal] of source.matchAll(LITERAL))
      if (isFaulty(literal)) faults.push(`${file}: ${literal}`);
  }
  expect(faults).toEqual([]);
});

it('sees what is wrong, and leaves code alone', () => {
  for (const text of [
    '有支付吗?',
    '指标,端口',
    '端口(默认 1)',
    '{name}:binlog 过期',
    '占用 {size}({share})',
    '是不是 {nearest}?',
  ])
    expect(isFaulty(`'${text}'`), text).toBe(true);
  for (const text of [
    '访问 {host}:{port}',
    '须用 role(…)，',
    '要 `a,b` 吗？',
    'really, truly?',
    '段为 :参数名',
  ])
    expect(isFaulty(`'${text}'`), text).toBe(false);
});

function isFaulty(literal: string): boolean {
  const text = literal.slice(1, -1).replace(CALL, 'x').replace(CODE, '');
  return /[\u3400-\u9fff]/.test(text) && (BESIDE_HAN.test(text) || AFTER_PLACEHOLDER.test(text));
}
