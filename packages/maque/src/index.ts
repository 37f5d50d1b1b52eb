/** What an app imports from `maque`: the language in which `maque.config.ts` is written. */
export * from '@maque/server/define';
