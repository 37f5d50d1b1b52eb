import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from './xml-reader.ts';
import { writeXml } from './xml-writer.ts';

describe("WeChat's XML", () => {
  it('is read with its text, CDATA, nested elements and lists', () => {
    const xml = `
      <xml>
        <ToUserName><![CDATA[gh_1]]></ToUserName>
        <CreateTime>1482048670</CreateTime>
        <Content>a &lt; b &amp;&amp; c &gt; d &quot;&apos;</Content>
        <Both>one <![CDATA[<two>]]> three</Both>
        <Empty></Empty>
        <Void/>
        <SubscribeMsgPopupEvent>
          <List><TemplateId>t1</TemplateId></List>
          <List><TemplateId>t2</TemplateId></List>
        </SubscribeMsgPopupEvent>
      </xml>
    `;
    expect(readXml(xml)).toEqual({
      ToUserName: 'gh_1',
      CreateTime: '1482048670',
      Content: `a < b && c > d "'`,
      Both: 'one <two> three',
      Empty: '',
      Void: '',
      SubscribeMsgPopupEvent: { List: [{ TemplateId: 't1' }, { TemplateId: 't2' }] },
    });
  });

  it('is the same after it was written and read again', () => {
    const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,20}$/);
    const text = fc.string({ unit: 'grapheme' });
    const inner = fc.dictionary(name, text, { minKeys: 1, maxKeys: 4 });
    const list = fc.array(inner, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(text, inner, list), { minKeys: 1, maxKeys: 8 }), (fields) => {
        expect(readXml(writeXml(fields))).toEqual(Object.fromEntries(Object.entries(fields)));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['a DTD', '<!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><a>&a;</a></xml>'],
    ['an entity of its own', '<xml><a>&a;</a></xml>'],
    ['a character by number', '<xml><a>&#60;</a></xml>'],
    ['an entity without its end', '<xml><a>&lt</a></xml>'],
    ['a bare ampersand', '<xml><a>a & b</a></xml>'],
    ['an attribute', '<xml a="1"><a>1</a></xml>'],
    ['a comment', '<xml><!-- --><a>1</a></xml>'],
    ['a declaration', '<?xml version="1.0"?><xml><a>1</a></xml>'],
    ['another root', '<html><a>1</a></html>'],
    ['two roots', '<xml><a>1</a></xml><xml><a>1</a></xml>'],
    ['text alone', '<xml>1</xml>'],
    ['text between elements', '<xml>1<a>1</a></xml>'],
    ['an end that does not fit', '<xml><a>1</b></xml>'],
    ['no end', '<xml><a>1</a>'],
    ['CDATA without an end', '<xml><a><![CDATA[1</a></xml>'],
    ['a name of bytes', '<xml><名>1</名></xml>'],
    ['a name without bounds', `<xml><${'a'.repeat(65)}>1</${'a'.repeat(65)}></xml>`],
    ['elements too deep', `<xml>${'<a>'.repeat(6)}1${'</a>'.repeat(6)}</xml>`],
    ['elements far too deep', '<a>'.repeat(80_000)],
    ['too many elements', `<xml>${'<a/>'.repeat(1_000)}</xml>`],
  ])('has no %s', (_, xml) => {
    expect(() => readXml(xml)).toThrow(expect.objectContaining({ code: 'WECHAT_PUSH_MALFORMED' }));
  });
});
