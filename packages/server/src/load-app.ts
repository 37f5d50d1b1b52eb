import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Language, Text } from '@maque/kit';
import { bootErrors } from './config/boot-errors.ts';
import type { App } from './define/app.ts';

/**
 * Loads the app that a config module exports by default.
 * @throws CodedError APP_NOT_FOUND, APP_FAILED with what the module threw, APP_INVALID when it exports no app.
 */
export async function loadApp(path: string): Promise<App> {
  if (!existsSync(path)) throw bootErrors.APP_NOT_FOUND({ data: { path } });
  const module: { default?: unknown } = await importModule(path);
  if (!isApp(module.default)) throw bootErrors.APP_INVALID({ data: { path } });
  return module.default;
}

async function importModule(path: string): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const reason = reasonOf(error);
    // A declaration that does not hold says by itself where; the stack of its check leads nowhere.
    const cause = typeof reason === 'string' ? error : undefined;
    throw bootErrors.APP_FAILED({ data: { path, reason }, cause });
  }
}

/** What a module threw, in every language where it is one of ours: a declaration that does not hold. */
function reasonOf(error: unknown): string | Text {
  if (!(error instanceof Error)) return String(error);
  // By its form and not its class: the app may bring another copy of this package.
  const { messageIn } = error as { messageIn?: (language: Language) => string };
  if (typeof messageIn !== 'function') return error.message;
  return { en: messageIn.call(error, 'en'), zh: messageIn.call(error, 'zh-CN') };
}

/** The app may come from another copy of this package, so it is known by its form. */
function isApp(value: unknown): value is App {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'app';
}
