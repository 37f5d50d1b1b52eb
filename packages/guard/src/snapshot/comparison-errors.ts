import { defineErrors } from '@maque/kit';

/** What keeps two readable snapshots from being compared. */
export const comparisonErrors = defineErrors({
  SNAPSHOT_UNREADABLE: {
    status: 400,
    message: { en: 'Cannot read {file}: {reason}', zh: '无法读取 {file}：{reason}' },
  },
  SNAPSHOT_COUNT_TOO_LARGE: {
    status: 422,
    message: {
      en: '{file} claims {found} {what}, more than can be in it or than is read here ({limit})',
      zh: '{file} 声称有 {found} 个{what}，超过文件可容纳的数量或读取上限（{limit}）',
    },
  },
  SNAPSHOT_EDGE_INVALID: {
    status: 422,
    message: {
      en: '{file} is damaged: edge {edge} leads to {to}, where no node begins',
      zh: '{file} 已损坏：第 {edge} 条边指向 {to}，该处不是节点',
    },
  },
  SNAPSHOT_EDGES_MISCOUNTED: {
    status: 422,
    message: {
      en: '{file} is damaged: its nodes count {found} edges and its head {expected}',
      zh: '{file} 已损坏：各节点共有 {found} 条边，而头部声明为 {expected}',
    },
  },
  SNAPSHOT_TYPE_UNKNOWN: {
    status: 422,
    message: {
      en: '{file} is damaged: node {index} is of a type that its head does not name',
      zh: '{file} 已损坏：第 {index} 个节点的类型未在头部声明',
    },
  },
});
