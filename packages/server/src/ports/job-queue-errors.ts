import { defineErrors } from '@maque/kit';

/** What every job queue answers to what it cannot do. */
export const jobQueueErrors = defineErrors({
  JOB_QUEUE_FULL: {
    status: 503,
    message: {
      en: 'Too many jobs wait: {count}; try again later',
      zh: '等待处理的任务过多（{count} 个），请稍后再试',
    },
  },
  JOB_KEY_TAKEN: {
    status: 409,
    message: { en: 'A job of the same key waits already', zh: '相同标识的任务已在等待处理' },
  },
  JOB_DIED: {
    status: 500,
    message: {
      en: 'A job {name} failed for good and waits for an operator: {reason}',
      zh: '任务 {name} 已彻底失败，等待人工处理：{reason}',
    },
  },
});
