export { lineDiff } from '../present/line-diff.ts';
export { changeErrors } from './change-errors.ts';
export { applyChange, type PreparedChange, prepareChange, type WantedChange } from './change-file.ts';
export { ChangeJournal, type ChangeRecord, type KeptChange } from './change-journal.ts';
export { undoChange } from './undo-change.ts';
