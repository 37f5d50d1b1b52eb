import type { Text } from '@maque/kit';

/** What may stand in the way of a change, and what a change would lose; of one column or one collection each. */
export const SCHEMA_ISSUE = {
  needsFill: {
    en: 'is required, but the {count} records that are there have no value; give it a .default(…) or make it .optional()',
    zh: '为必填，但现有 {count} 条记录没有值；请加 .default(…) 或 .optional()',
  },
  hasNulls: {
    en: 'is required now, but {count} records have no value; give them one first',
    zh: '现为必填，但有 {count} 条记录没有值；请先补上',
  },
  hasDuplicates: {
    en: 'is unique now, but records share a value',
    zh: '现为唯一，但有记录取值相同',
  },
  leadsNowhere: {
    en: 'names what does not exist, or is what others still refer to',
    zh: '指向不存在的记录，或仍被其他记录引用',
  },
  columnRemoved: {
    en: 'has been removed, and {count} values would be lost; keep it as .optional().hidden(), say .renamedFrom(…) on the field that takes its place, or let them go by --allow-data-loss of maque db migrate',
    zh: '已被删除，{count} 个值会丢失；请保留并标为 .optional().hidden()，或在新字段上写 .renamedFrom(…)，或用 maque db migrate 的 --allow-data-loss 放弃这些数据',
  },
  columnReplaced: {
    en: 'was stored as {before} and would be {after}, and {count} values would be lost; declare a field of another name and copy the values, or let them go by --allow-data-loss of maque db migrate',
    zh: '原以 {before} 存储，现为 {after}，{count} 个值会丢失；请另起字段名并复制数据，或用 maque db migrate 的 --allow-data-loss 放弃这些数据',
  },
  tableRemoved: {
    en: 'has been removed, and {count} records would be lost; declare it again, or let them go by --allow-data-loss of maque db migrate',
    zh: '已被删除，{count} 条记录会丢失；请重新声明，或用 maque db migrate 的 --allow-data-loss 放弃这些数据',
  },
} as const satisfies Record<string, Text>;
