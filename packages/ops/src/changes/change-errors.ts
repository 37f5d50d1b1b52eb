import { defineErrors } from '@maque/kit';

/** Why a file is not changed, or not brought back. */
export const changeErrors = defineErrors({
  CHANGE_THROUGH_LINK: {
    status: 409,
    message: {
      en: '{path} is, or lies behind, a symbolic link; change it by hand',
      zh: '{path} 是符号链接或位于符号链接之后，请手动修改',
    },
  },
  CHANGE_OF_NO_FILE: {
    status: 409,
    message: { en: '{path} is not a plain file', zh: '{path} 不是普通文件' },
  },
  CHANGE_OF_NO_TEXT: {
    status: 409,
    message: {
      en: '{path} is not a text in UTF-8 of at most 256 KiB; change it by hand',
      zh: '{path} 不是 256 KiB 以内的 UTF-8 文本，请手动修改',
    },
  },
  CHANGED_MEANWHILE: {
    status: 409,
    message: {
      en: '{path} has been changed since by somebody else; it stays as it is',
      zh: '{path} 之后又被他人改动，保持不动',
    },
  },
  CHANGE_DENIED: {
    status: 403,
    message: { en: '{path} cannot be written: {reason}', zh: '无法写入 {path}：{reason}' },
  },
  CHANGE_BACKUP_DENIED: {
    status: 403,
    message: {
      en: '{path} stays as it is: what would undo the change cannot be written to {folder}: {reason}',
      zh: '{path} 保持不动：用于撤销的备份无法写入 {folder}：{reason}',
    },
  },
  CHANGE_RECORD_DAMAGED: {
    status: 409,
    message: {
      en: '{file} is damaged: the change that it would undo stays. Bring that file back by hand, then delete the record',
      zh: '{file} 已损坏，无法据此撤销；请手动恢复对应的配置，再删除该记录',
    },
  },
  CHANGE_BACKUPS_FULL: {
    status: 409,
    message: {
      en: 'There are {count} changes that could be undone; nothing more is changed before --undo, or before {folder} is cleared',
      zh: '已有 {count} 项可撤销的改动；请先用 --undo 撤销或清理 {folder}',
    },
  },
});
