import { defineErrors } from '@maque/kit';

/** Why nothing is rendered. */
export const renderErrors = defineErrors({
  RENDER_OPTIONS_INVALID: {
    status: 400,
    message: { en: 'Files cannot be made for this server:', zh: '无法为这台服务器生成文件：' },
  },
  RENDER_TARGET_UNKNOWN: {
    status: 400,
    message: {
      en: 'There is nothing to render named {name}; maque render --list shows all',
      zh: '没有名为 {name} 的生成目标；用 maque render --list 查看全部',
    },
  },
  RENDER_TARGET_MISSPELLED: {
    status: 400,
    message: {
      en: 'There is nothing to render named {name}; did you mean {nearest}?',
      zh: '没有名为 {name} 的生成目标，是不是 {nearest}？',
    },
  },
  RENDER_ENVIRONMENTS_DO_NOT_FIT: {
    status: 409,
    message: {
      en: '{count} more environments take {needed}, and the plan leaves {free}: plan each as a Maque named staging or dev, so that it gets its share',
      zh: '另外 {count} 个环境需要 {needed}，而规划只剩 {free}：请在规划中为每个环境添加名为 staging 或 dev 的 maque 服务，让它分到内存',
    },
  },
});
