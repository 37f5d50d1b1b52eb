import { defineSettings } from '@maque/kit';

/** Where what workers print goes. */
export const outputSettings = defineSettings({
  output: {
    type: 'string',
    env: 'MAQUE_OUTPUT',
    flag: 'output',
    choices: ['auto', 'inherit', 'files'],
    default: 'auto',
    reason:
      'a terminal, the journal and a container read what is printed; a plain file or /dev/null does not bound it, so bounded files do',
    meaning: {
      en: 'Where the output of workers goes: inherit (where that of maque goes), files (logs/ in the data folder), auto (files if nobody would read it)',
      zh: '工作进程输出的去向：inherit（与 maque 相同）、files（数据目录下的 logs/）、auto（无人读取时写文件）',
    },
  },
});
