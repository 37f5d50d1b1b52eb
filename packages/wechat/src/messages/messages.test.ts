import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../with-simulator.fixture.ts';
import { fitMessageData } from './message-data.ts';

describe('subscribe messages at the simulator', () => {
  it('are sent as often as the user has agreed, and no more', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    const templates = await client.messages.templates();
    const template = templates.find(({ keys }) =>
      keys.every(({ key }) => /^(thing|character_string)\d+$/.test(key)),
    );
    if (template === undefined) throw new Error('the simulator has such a template');
    const data = Object.fromEntries(template.keys.map(({ key }) => [key, 'A-1']));
    const message = { openid, templateId: template.id, data, template };

    expect(await client.messages.send(message)).toEqual({ status: 'no-consent' });
    await sim.simulator.accept('demo-1', template.id);
    await sim.simulator.accept('demo-1', template.id);
    expect(await client.messages.send(message)).toMatchObject({
      status: 'sent',
      messageId: expect.any(String),
    });
    expect(await client.messages.send(message)).toMatchObject({ status: 'sent' });
    expect(await client.messages.send(message)).toEqual({ status: 'no-consent' });
    expect(sim.alerts).toEqual([]);
  });

  it('whatever text is put into a thing, WeChat does not refuse what we send', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    sim.simulator.addTemplate({
      id: 'any',
      title: 'Any',
      content: '内容：{{thing1.DATA}}\n',
      longTerm: true,
    });
    await sim.simulator.accept('demo-1', 'any');
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (thing1) => {
        fc.pre(fitMessageData({ thing1 }).thing1 !== '');
        expect(await client.messages.send({ openid, templateId: 'any', data: { thing1 } })).toMatchObject({
          status: 'sent',
        });
      }),
      { numRuns: 200 },
    );
  });
});
