import { randomUUID } from 'node:crypto';
import { eventually } from '@gatehouse/testing';
import { LiveEvents } from '../src/stream/live-events.js';
import { aStand, type Stand } from './stand.js';

describe('when a user listens to what happens', () => {
  let stand: Stand;
  let live: LiveEvents;
  const open: AbortController[] = [];

  beforeAll(async () => {
    stand = await aStand();
    live = stand.app.get(LiveEvents);
  });
  afterAll(async () => {
    for (const one of open) one.abort();
    await stand.close();
  });

  /** Opens a stream; `text()` is all that came so far. */
  async function listen(user: string, headers: Record<string, string> = {}, claims: object = {}) {
    const leave = new AbortController();
    open.push(leave);
    const token = await stand.issuer.token({ sub: user, ...claims });
    const answer = await fetch(`${stand.url}/v1/stream`, {
      signal: leave.signal,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    const state = { text: '', ended: false };
    const read = async () => {
      for await (const chunk of answer.body ?? []) state.text += Buffer.from(chunk).toString();
      state.ended = true;
    };
    read().catch(() => undefined);
    await eventually(() => expect(state.text).toContain('retry: 2000'));
    return { answer, state };
  }
  const happens = (userId: string, id: string = randomUUID()) => {
    live.add({ id, type: 'connection.activated', userId, data: { connectionId: id, app: 'slack' } });
    return id;
  };

  it('hears of what is theirs, and of nothing else', async () => {
    const [ana, ben] = [randomUUID(), randomUUID()];
    const { answer, state } = await listen(ana);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    const bens = happens(ben);
    const anas = happens(ana);
    await eventually(() =>
      expect(state.text).toContain(`id: ${anas}\nevent: connection.activated\ndata: {"connectionId":"${anas}","app":"slack"}\n\n`),
    );
    expect(state.text).not.toContain(bens);
  });

  it('gets what was missed since the last event, and not what others did meanwhile', async () => {
    const [ana, ben] = [randomUUID(), randomUUID()];
    const [seen, missed, bens] = [happens(ana), happens(ana), happens(ben)];
    const { state } = await listen(ana, { 'last-event-id': seen });
    await eventually(() => expect(state.text).toContain(`id: ${missed}`));
    expect(state.text).not.toContain(bens);
    expect(state.text).not.toContain('resync');
  });

  it.each(['an id of long ago', 'the id of somebody else’s event'])('is told to read anew for %s', async (what) => {
    const id = what.startsWith('an') ? randomUUID() : happens('somebody-else');
    const { state } = await listen(randomUUID(), { 'last-event-id': id });
    await eventually(() => expect(state.text).toContain('event: resync\n'));
  });

  it('ends with its token', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { state } = await listen(randomUUID(), {}, { iat: now - 300, exp: now + 2 });
    expect(state.ended).toBe(false);
    await eventually(() => expect(state.ended).toBe(true));
  });

  it('needs a sign-in, and is opened five times at most', async () => {
    expect((await fetch(`${stand.url}/v1/stream`)).status).toBe(401);
    const user = randomUUID();
    for (let n = 0; n < 5; n += 1) await listen(user);
    expect((await stand.fetch('/v1/stream', { as: user })).status).toBe(429);
  });
});
