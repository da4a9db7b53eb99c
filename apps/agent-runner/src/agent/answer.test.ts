import { AIMessageChunk } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import { NotNow } from '../queue/lease.js';
import { AnswerInPieces } from './answer.js';

type Piece = { text?: string; calls?: { id?: string; name?: string; args?: string; index?: number }[]; finish?: string; tokens?: number };

function answerOf(...pieces: Piece[]) {
  const answer = new AnswerInPieces();
  for (const { text = '', calls = [], finish, tokens } of pieces) {
    const message = new AIMessageChunk({
      content: text,
      tool_call_chunks: calls.map((call) => ({ ...call, type: 'tool_call_chunk' as const })),
    });
    if (tokens) Object.assign(message, { usage_metadata: { input_tokens: 0, output_tokens: 0, total_tokens: tokens } });
    answer.add(new ChatGenerationChunk({ message, text, generationInfo: finish ? { finish_reason: finish } : {} }));
  }
  return answer;
}
const whole = (...pieces: Piece[]) => answerOf(...pieces).whole(() => 400);
const end = { finish: 'stop', tokens: 7 };

describe('an answer in pieces', () => {
  it('is joined, with the tokens that the endpoint counted', () => {
    expect(whole({ text: 'one ' }, { text: 'two' }, end)).toEqual({ text: 'one two', calls: [], tokens: 7, estimated: false });
  });

  it('without a count has an estimate, and says so', () => {
    expect(whole({ text: 'four' }, { finish: 'stop' })).toMatchObject({ tokens: 101, estimated: true });
  });

  it('that broke off, or never began, is none', () => {
    expect(() => whole({ text: 'one ' })).toThrow(NotNow);
    expect(() => whole({ calls: [{ id: 'a', name: 'X', args: '{"text":"del', index: 0 }] })).toThrow(NotNow);
    expect(() => whole()).toThrow(NotNow);
  });

  it.each([
    [
      'by index',
      [
        { id: 'a', name: 'X', args: '{"b"', index: 0 },
        { args: ':1}', index: 0 },
        { id: 'c', name: 'Y', args: '{}', index: 1 },
      ],
    ],
    [
      'by id alone',
      [
        { id: 'a', name: 'X', args: '{"b"' },
        { id: 'a', args: ':1}' },
        { id: 'c', name: 'Y', args: '{}' },
      ],
    ],
    ['by order alone', [{ id: 'a', name: 'X', args: '{"b"' }, { args: ':1}' }, { id: 'c', name: 'Y', args: '{}' }]],
    [
      'with one index for all',
      [
        { id: 'a', name: 'X', args: '{"b":1}', index: 0 },
        { id: 'c', name: 'Y', args: '{}', index: 0 },
      ],
    ],
  ])('has its calls joined %s', (_, pieces) => {
    expect(whole(...pieces.map((piece) => ({ calls: [piece] })), end).calls).toEqual([
      { id: 'a', name: 'X', args: '{"b":1}' },
      { id: 'c', name: 'Y', args: '{}' },
    ]);
  });

  it('has no end that matters: what is beyond any use is not read', () => {
    const answer = answerOf({ text: 'x'.repeat(200_001) });
    expect(answer.full).toBe(true);
    expect(answer.whole(() => 0).text).toHaveLength(200_000);
  });
});
