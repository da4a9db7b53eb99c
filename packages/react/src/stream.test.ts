import { events } from './stream.js';

const answer = (...chunks: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    }),
  );

async function all(response: Response) {
  const rows = [];
  for await (const row of events(response)) rows.push(row);
  return rows;
}

describe('a stream of events', () => {
  it('is read whole, however it is cut; a comment is a sign of life', async () => {
    const rows = await all(answer('retry: 2000\n\n:\n', '\nid: 7\nevent: connection.act', 'ivated\ndata: {"app":"sl', 'ack"}\n\n'));
    expect(rows).toEqual([undefined, undefined, { id: '7', type: 'connection.activated', data: { app: 'slack' } }]);
  });

  it('goes on after an event that cannot be read', async () => {
    const rows = await all(answer('event: a\ndata: {\n\n', 'event: b\r\ndata: {}\r\n\r\n'));
    expect(rows).toEqual([undefined, { id: undefined, type: 'b', data: {} }]);
  });
});
