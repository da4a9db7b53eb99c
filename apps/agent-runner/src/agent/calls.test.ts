import { AIMessage } from '@langchain/core/messages';
import type { Answer, RawCall } from './answer.js';
import { callsOf, messageOf } from './calls.js';

const answer = (...calls: RawCall[]): Answer => ({ text: '', calls, tokens: 1, estimated: false });
const raw = (id: string, args = '{}', name = 'SLACK_LIST_CHANNELS'): RawCall => ({ id, name, args });

describe('the calls of an answer', () => {
  it('keep the model’s ids where they are good, and have others where they are not', () => {
    const before = [messageOf(answer(raw('call_0'), raw('call_1')), [], 1)];
    const message = messageOf(answer(raw('call_0'), raw('call_2'), raw('call_2'), raw(''), raw('a b'), raw('call_2_1')), before, 2);
    const ids = callsOf(message).map(({ id }) => id);
    expect(ids).toEqual(['call_2_1', 'call_2', 'call_2_3', 'call_2_4', 'call_2_5', 'call_2_6']);
    expect(new Set([...ids, ...callsOf(before[0]).map(({ id }) => id)]).size).toBe(8);
  });

  it('are not made of half an object, or of what is none', () => {
    for (const args of ['{"text":"del', '[1]', '"text"', 'null', 'SLACK']) {
      expect(callsOf(messageOf(answer(raw('a', args)), [], 1))).toMatchObject([
        { id: 'a', args: {}, wrong: expect.stringContaining('not a JSON object') },
      ]);
    }
    expect(callsOf(messageOf(answer(raw('a', '')), [], 1))).toEqual([{ id: 'a', name: 'SLACK_LIST_CHANNELS', args: {} }]);
  });

  it('are not made of text that cannot be kept', () => {
    for (const text of ['\\u0000', '\\ud800']) {
      expect(callsOf(messageOf(answer(raw('a', `{"text":"${text}"}`)), [], 1))).toMatchObject([{ args: {}, wrong: expect.any(String) }]);
    }
  });

  it('with a name that no endpoint takes back are kept under one that it does', () => {
    const message = messageOf(answer(raw('a', '{}', 'rm -rf /'), raw('b', '{}', '')), [], 1);
    expect(callsOf(message)).toMatchObject([{ name: 'unknown' }, { name: 'unknown' }]);
  });

  it('come back as they were from what was stored', () => {
    const message = messageOf(answer(raw('a', '{"b":'), raw('c')), [], 1);
    const { lc_kwargs } = message;
    expect(callsOf(new AIMessage(lc_kwargs as never))).toEqual(callsOf(message));
  });
});
