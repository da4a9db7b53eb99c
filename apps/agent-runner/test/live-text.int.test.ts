import type { MessageDelta, RunView } from '@gatehouse/contracts';
import { eventually, startApp, type TestApp } from '@gatehouse/testing';
import pg from 'pg';
import type { LiveRuns } from '../src/live/live-runs.js';
import { aUser } from './run.builder.js';
import { anAccount, calls, type Story, scripted, slackMessage, startStory } from './story.js';
import { readEvents, type Seen } from './stream.js';

const list = calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} });
const WORDS = Array.from({ length: 20 }, (_, index) => `word${index}`).join(' ');

interface Insides {
  here: string;
  wire: { ready: boolean; send: (notes: { channel: string; payload: string }[]) => Promise<boolean> };
  elsewhere: Map<string, unknown>;
  speeches: Map<string, unknown>;
}

describe('the stream of a run, at another replica than the one that works on it', () => {
  let story: Story;
  let other: TestApp;
  let live: typeof LiveRuns;
  beforeAll(async () => {
    story = await startStory();
    const { AppModule } = await import('../src/app.module.js');
    ({ LiveRuns: live } = await import('../src/live/live-runs.js'));
    other = await startApp(AppModule);
  });
  afterAll(async () => {
    await other.close();
    await story.close();
  });

  async function asked(...replies: object[]): Promise<{ userId: string; runId: string }> {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    await scripted(userId, ...replies);
    const { body } = await story.as(userId).post('/v1/runs', { input: `do it ${userId}`, apps: { required: ['slack'] } });
    return { userId, runId: body.id };
  }
  const inside = ({ app }: Pick<TestApp, 'app'>) => app.get(live) as unknown as Insides;
  const watch = (of: { userId: string; runId: string }, at: TestApp = other) => readEvents({ url: at.url, ...of });
  const deltasIn = (seen: readonly Seen[]) => seen.filter(({ event }) => event === 'message.delta').map(({ data }) => data as MessageDelta);
  const rowsIn = (seen: readonly Seen[]) => seen.filter(({ event }) => event !== 'message.delta');
  /** As a client does it: 0 begins anew, and a piece with a gap before it is left. */
  const joined = (deltas: readonly MessageDelta[]) =>
    deltas.reduce((text, delta) => (delta.at === 0 ? delta.text : delta.at === text.length ? text + delta.text : text), '');
  const listening = () => eventually(() => expect([story, other].every((at) => inside(at).wire.ready)).toBe(true));

  it('has the words while they are said, without ids, and then the whole message with its id', async () => {
    await listening();
    const of = await asked({ content: WORDS, pieceDelayMs: 40 });
    const reading = Promise.all([watch(of, other), watch(of, story)]);
    await eventually(() => expect(inside(story).elsewhere.size).toBeGreaterThan(0));
    await story.work();
    for (const seen of await reading) {
      const deltas = deltasIn(seen);
      expect(deltas.length).toBeGreaterThan(3);
      expect(seen.every(({ event, id }) => (event === 'message.delta') === (id === undefined))).toBe(true);
      expect(WORDS.startsWith(joined(deltas)) && joined(deltas).length > 40).toBe(true);
      expect(deltas.every(({ turn }) => turn === 1)).toBe(true);
      expect(rowsIn(seen).map(({ event }) => event)).toEqual(['run.queued', 'run.started', 'message', 'run.completed']);
      expect(rowsIn(seen)[2]?.data).toMatchObject({ text: WORDS, final: true, turn: 1 });
      expect(seen.findLastIndex(({ event }) => event === 'message.delta')).toBeLessThan(seen.findIndex(({ event }) => event === 'message'));
    }
  });

  it('that is opened in the middle of a turn begins with all that was said, where somebody else watches already, too', async () => {
    const of = await asked({ content: WORDS, pieceDelayMs: 60 });
    const early = watch(of);
    const work = story.work();
    await eventually(() => expect(inside(story).speeches.size).toBe(1));
    await new Promise((later) => setTimeout(later, 300));
    for (const at of [other, story]) {
      // A piece that was on its way when this stream was opened may come first; it has a gap before it, and is left.
      const begun = ({ at }: MessageDelta) => at === 0;
      const deltas = deltasIn(await readEvents({ url: at.url, ...of }, (seen) => deltasIn(seen).some(begun)));
      expect(deltas.find(begun)?.text.length).toBeGreaterThan(10);
    }
    await work;
    expect(WORDS.startsWith(joined(deltasIn(await early)))).toBe(true);
  });

  it('has nobody else’s words, and a run nobody watches sends none', async () => {
    const [mine, theirs] = [
      await asked({ content: 'mine '.repeat(15), pieceDelayMs: 40 }),
      await asked({ content: 'theirs '.repeat(15), pieceDelayMs: 40 }),
    ];
    const { wire } = inside(story);
    const send = wire.send.bind(wire);
    const sent: string[] = [];
    wire.send = (notes) => {
      sent.push(...notes.map(({ payload }) => payload));
      return send(notes);
    };
    const reading = watch(mine);
    await eventually(() => expect([...inside(story).elsewhere.keys()]).toContain(mine.runId));
    await story.work();
    const said = joined(deltasIn(await reading));
    wire.send = send;
    expect(said).toMatch(/^(mine )+/);
    expect(said).not.toContain('theirs');
    expect(sent.some((payload) => payload.includes(mine.runId))).toBe(true);
    expect(sent.some((payload) => payload.includes(theirs.runId) || payload.includes('theirs'))).toBe(false);
    const delta = { turn: 1, at: 0, text: 'leaked' };
    const leak: MessageDelta[] = [];
    const stranger = other.app.get(live).watch(aUser(), mine.runId, (got) => leak.push(got));
    await send([{ channel: inside(other).here, payload: JSON.stringify({ run: mine.runId, user: mine.userId, delta }) }]);
    await send([{ channel: inside(other).here, payload: JSON.stringify({ run: mine.runId, user: stranger.userId }) }]);
    await stranger.next(5_000); // what was sent after it has arrived
    other.app.get(live).close(stranger);
    expect(leak).toEqual([]);
  });

  it('begins the text anew when a turn broke off and is repeated', async () => {
    const of = await asked({ content: 'half of it is never', pieceDelayMs: 120, dropAfter: 4 }, { content: WORDS, pieceDelayMs: 40 });
    const reading = watch(of);
    await story.untilDone(of.userId, of.runId);
    const seen = await reading;
    const deltas = deltasIn(seen);
    expect(deltas[0]).toMatchObject({ at: 0, text: expect.stringMatching(/^half/) });
    expect(deltas.filter(({ at }) => at === 0)).toHaveLength(2);
    expect(WORDS.startsWith(joined(deltas))).toBe(true);
    expect(rowsIn(seen).filter(({ event }) => event === 'message')).toHaveLength(1);
  });

  it('hears at once that there is more', async () => {
    const of = await asked({ ...list, delayMs: 300 }, { content: 'Two channels.' });
    const watching = other.app.get(live).watch(of.userId, of.runId, () => undefined);
    await watching.next(0);
    const began = Date.now();
    const heard = watching.next(20_000);
    await story.work();
    await heard;
    expect(Date.now() - began).toBeLessThan(10_000);
    other.app.get(live).close(watching);
  });

  it('dropped twenty times in one run and taken up with Last-Event-ID, here or there, loses no row and doubles none', async () => {
    const of = await asked(...Array.from({ length: 24 }, () => ({ ...list, delayMs: 10 })), { content: WORDS });
    const work = story.work();
    const rows: Seen[] = [];
    for (let drops = 0; drops < 20; drops++) {
      const { url } = drops % 2 ? other : story;
      const [row] = rowsIn(await readEvents({ url, ...of, after: rows.at(-1)?.id }, (seen) => rowsIn(seen).length > 0));
      if (row) rows.push(row);
    }
    await work;
    rows.push(...rowsIn(await readEvents({ url: other.url, ...of, after: rows.at(-1)?.id })));
    expect(rows.map(({ id }) => Number(id))).toEqual(Array.from(rows, (_, index) => index + 1));
    expect(rows.at(-1)?.event).toBe('run.completed');
    expect(rows.filter(({ event }) => event === 'tool.finished')).toHaveLength(24);
  });

  it('stays open while the run waits for its user, and ends with it', async () => {
    const of = await asked(calls(slackMessage('hello')), { content: 'Sent.' });
    const reading = watch(of);
    await story.work();
    const { body: waiting } = await story.as(of.userId).get(`/v1/runs/${of.runId}`);
    const { approvalId } = (waiting as RunView).waitingFor ?? {};
    await new Promise((later) => setTimeout(later, 1_500));
    expect(await story.as(of.userId).post(`/v1/approvals/${approvalId}/decision`, { decision: 'approve' })).toMatchObject({ status: 200 });
    await story.work();
    expect((await reading).at(-1)?.event).toBe('run.completed');
  });

  it('goes on without the words when the connection for them is cut, and has them again soon', async () => {
    const admin = new pg.Client({ connectionString: process.env.DATABASE_URL as string });
    await admin.connect();
    const of = await asked(list, { content: 'Two channels.' });
    const reading = watch(of);
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'agent_runner live' and datname = current_database()`,
    );
    await admin.end();
    expect(rowCount).toBe(2);
    await story.work();
    expect((await reading).at(-1)?.event).toBe('run.completed');
    await listening();
    const next = await asked({ content: WORDS, pieceDelayMs: 40 });
    const words = watch(next);
    await eventually(() => expect([...inside(story).elsewhere.keys()]).toContain(next.runId));
    await story.work();
    expect(deltasIn(await words).length).toBeGreaterThan(3);
  });
});
