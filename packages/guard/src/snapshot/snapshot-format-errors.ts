import { defineErrors } from '@maque/kit';

/** What can be wrong with a file that should be a heap snapshot. `at` is the byte where it shows. */
export const snapshotFormatErrors = defineErrors({
  SNAPSHOT_MALFORMED: {
    status: 422,
    message: {
      en: 'not a heap snapshot: byte {at} should be {expected}',
      zh: '不是有效的堆快照：第 {at} 字节处应为 {expected}',
    },
  },
  SNAPSHOT_TRUNCATED: {
    status: 422,
    message: {
      en: 'the heap snapshot breaks off at byte {at}, inside {section}',
      zh: '堆快照不完整，在第 {at} 字节处（{section} 部分）中断',
    },
  },
  SNAPSHOT_UNSUPPORTED: {
    status: 422,
    message: {
      en: 'the heap snapshot has a head that is unknown here: {problem}',
      zh: '堆快照的头部无法识别：{problem}',
    },
  },
  SNAPSHOT_SECTION_ORDER: {
    status: 422,
    message: {
      en: 'byte {at} of the heap snapshot begins {section}, which must stand elsewhere and only once',
      zh: '堆快照第 {at} 字节处的 {section} 部分位置不对或重复',
    },
  },
  SNAPSHOT_COUNT_WRONG: {
    status: 422,
    message: {
      en: '{section} of the heap snapshot has {found} numbers up to byte {at} where its head promises {expected}',
      zh: '堆快照的 {section} 部分到第 {at} 字节处有 {found} 个数，而头部声明为 {expected}',
    },
  },
  SNAPSHOT_TOO_LARGE: {
    status: 422,
    message: {
      en: 'the heap snapshot has more than {limit} {what}',
      zh: '堆快照超过上限 {limit} {what}',
    },
  },
});
