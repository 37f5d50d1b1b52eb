import { say, type Text } from '@maque/kit';
import type { WantedChange } from '@maque/ops/changes';
import { EXAMPLE_DOMAIN, type RenderedFile, targets } from '@maque/ops/render';
import { journalIn } from '../changes/backups.ts';
import { type ChangePlace, makeChanges } from '../changes/make-changes.ts';
import type { ExitCode } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { nextSteps } from './show-files.ts';

const WORDS = {
  nothing: {
    en: 'Nothing of this belongs to a server; --out writes it into a folder',
    zh: '这些都不属于服务器；可用 --out 写到目录',
  },
  upToDate: { en: 'Everything is as planned; files: {count}', zh: '均与规划一致，共 {count} 个文件' },
  next: { en: '\nThen, by hand:', zh: '\n接下来请手动执行：' },
  leftOver: {
    en: 'from an earlier rendering, and no part of this one: {path}',
    zh: '来自之前的生成，本次规划中已没有：{path}',
  },
  left: { en: 'files that were not written: {count}', zh: '未写入的文件：{count} 个' },
} satisfies Record<string, Text>;

/**
 * Writes what belongs to a server to its place, after showing and asking.
 * @throws CodedError DOMAIN_MISSING for files that still name the example's domain
 */
export async function applyFiles(files: readonly RenderedFile[], place: ChangePlace): Promise<ExitCode> {
  const { terminal, language } = place.surroundings;
  const own = files.filter(isForServer);
  if (own.length === 0) {
    terminal.error(say(WORDS.nothing, language));
    return 1;
  }
  const example = own.find(({ content }) => content.includes(EXAMPLE_DOMAIN));
  if (example !== undefined) throw commandErrors.DOMAIN_MISSING({ data: { path: example.path } });
  const { inPlace, written, left } = await makeChanges(own.map(wanted), place);
  if (written === 0 && left === 0) terminal.error(say(WORDS.upToDate, language, { count: own.length }));
  if (left > 0) terminal.error(say(WORDS.left, language, { count: left }));
  await tellLeftOver(own, place);
  const paths = new Set(inPlace.map(({ path }) => path));
  const steps = written === 0 ? [] : nextSteps(own.filter(({ path }) => paths.has(path)));
  if (steps.length > 0) terminal.error([say(WORDS.next, language), ...steps].join('\n  '));
  return left > 0 ? 1 : 0;
}

/** A swap file that became zram would otherwise stay in use. Of targets that were not asked for nothing is said. */
async function tellLeftOver(files: readonly RenderedFile[], place: ChangePlace): Promise<void> {
  const { terminal, language } = place.surroundings;
  const earlier = await journalIn(place.backups).all();
  const rendered = new Set(files.map(({ path }) => path));
  const asked = new Set(files.map(({ target }) => target));
  const paths = earlier.filter(({ reason, path }) => asked.has(reason) && !rendered.has(path));
  for (const path of new Set(paths.map((one) => one.path)))
    terminal.error(`${terminal.style('yellow', '!')} ${say(WORDS.leftOver, language, { path })}`);
}

/** A path without a slash in front is for another machine, or for a project. */
function isForServer({ target, path }: RenderedFile): boolean {
  return path.startsWith('/') && targets.find(({ name }) => name === target)?.belongsTo === 'server';
}

function wanted({ target, path, content, mode, apply }: RenderedFile): WantedChange {
  return {
    path,
    reason: target,
    rewrite: () => content,
    ...(mode === undefined ? {} : { mode }),
    ...(apply === undefined ? {} : { apply }),
  };
}
