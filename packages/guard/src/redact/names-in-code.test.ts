import { describe, expect, it } from 'vitest';
import { NamesInCode } from './names-in-code.ts';

const TEXTS = [
  '<dummy>',
  '(constant pool)',
  'system / FeedbackVector',
  'dingdan',
  'zhangsan',
  'Order',
  'yonghu',
];
const name = (text: string) => TEXTS.indexOf(text);

/** A heap in which constants say `dingdan`, feedback `zhangsan`, and an object of class `Order` `yonghu`. */
function heap(stringsBefore: number): NamesInCode {
  const names = new NamesInCode();
  for (let count = 0; count < stringsBefore; count++) names.node(0, 'string', 0);
  names.node(name('(constant pool)'), 'code', 2);
  names.node(name('system / FeedbackVector'), 'code', 1);
  names.node(name('Order'), 'other', 1);
  for (const text of ['dingdan', 'zhangsan', 'yonghu']) names.node(name(text), 'string', 0);
  names.nodesEnd();
  const first = stringsBefore + 3;
  for (const node of [stringsBefore, first, first + 1, first + 2]) names.edge(node);
  return names;
}

describe('names in code', () => {
  it.each([0, 1, 29, 31, 32, 100_000])(
    'are those that constants point at, after %i other strings',
    (before) => {
      const names = heap(before);
      const said = TEXTS.filter((text, index) => {
        names.text(index, text);
        return names.has(index);
      });
      expect(said).toEqual(['dingdan']);
    },
  );

  it('are not known before the name of their source is', () => {
    const names = heap(0);
    expect(names.has(name('dingdan'))).toBe(false);
    names.text(name('(constant pool)'), '(constant pool)');
    expect(names.has(name('dingdan'))).toBe(true);
  });

  it('are found in heaps with more functions than are told apart', () => {
    const names = new NamesInCode();
    for (let index = 0; index < 70_000; index++) {
      names.node(1, 'code', 1);
      names.node(10 + index, 'code', 1);
    }
    names.node(2, 'string', 0);
    names.nodesEnd();
    for (let edge = 0; edge < 140_000; edge++) names.edge(edge === 139_998 ? 140_000 : 0);
    names.text(1, '(constant pool)');
    expect(names.has(2)).toBe(true);
  });

  it('take no harm from edges that lead nowhere', () => {
    const names = heap(0);
    for (const node of [2 ** 52, 0.5, 7]) names.edge(node);
    expect(names.has(2 ** 23)).toBe(false);
  });
});
