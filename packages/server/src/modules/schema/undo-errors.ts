import { defineErrors } from '@maque/kit';

/** Why a change of the collections' tables is not taken back; none travels over HTTP. */
export const undoErrors = defineErrors({
  SCHEMA_NOTHING_TO_UNDO: {
    status: 409,
    message: {
      en: 'There is no change of the collections that could be taken back',
      zh: '没有可以撤销的集合改动',
    },
  },
  SCHEMA_UNDO_IMPOSSIBLE: {
    status: 409,
    message: {
      en: 'Change {id} cannot be taken back, as values were lost by it; maque restore {backup} brings the database back as it was before',
      zh: '改动 {id} 无法撤销，因为当时丢失了数据；maque restore {backup} 可恢复到改动之前',
    },
  },
});
