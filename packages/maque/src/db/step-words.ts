import { type Language, say, type Text, type TextData } from '@maque/kit';
import type { PlannedStep, TableStep } from '@maque/server/schema';

const WORDS = {
  'drop-search': { en: 'search index goes', zh: '删除搜索索引' },
  'drop-links': { en: 'links of {name} go', zh: '删除 {name} 的关联表' },
  'drop-index': { en: 'index goes: {name}', zh: '删除索引：{name}' },
  'drop-column': { en: 'field goes: {name}', zh: '删除字段：{name}' },
  'clear-references': { en: 'relations are cleared: {name}', zh: '清空关联：{name}' },
  'drop-table': { en: 'the collection goes', zh: '删除集合' },
  'create-table': { en: 'new collection: {name}', zh: '新建集合：{name}' },
  'rename-column': { en: 'field {from} is now {name}', zh: '字段 {from} 改名为 {name}' },
  'add-column': { en: 'new field: {name}', zh: '新增字段：{name}' },
  require: { en: '{name} is required now', zh: '{name} 改为必填' },
  'create-index': { en: 'new index: {name}', zh: '新建索引：{name}' },
  'create-links': { en: 'links of {name} are made', zh: '建立 {name} 的关联表' },
  'create-search': { en: 'search index is made: {name}', zh: '建立搜索索引：{name}' },
} satisfies Record<TableStep['kind'], Text>;

/** What a step does, in one line: `+ products: new field: note`. */
export function stepLine({ table, step }: PlannedStep, language: Language): string {
  const mark = step.kind.startsWith('drop-') || step.kind === 'clear-references' ? '-' : '+';
  return `${mark} ${table}: ${say(WORDS[step.kind], language, dataOf(step))}`;
}

function dataOf(step: TableStep): TextData {
  switch (step.kind) {
    case 'drop-links':
    case 'create-links':
      return { name: step.links.field };
    case 'drop-index':
    case 'create-index':
      return { name: `${step.index.columns.join(', ')}${step.index.isUnique ? ' (unique)' : ''}` };
    case 'drop-column':
    case 'add-column':
      return { name: step.column.name };
    case 'create-table':
      return { name: step.columns.map(({ name }) => name).join(', ') };
    case 'create-search':
      return { name: step.columns.map(({ name }) => name).join(', ') };
    case 'clear-references':
      return { name: step.columns.join(', ') };
    case 'rename-column':
      return { from: step.from, name: step.to };
    case 'require':
      return { name: step.column };
    default:
      return {};
  }
}
