import { LiveEvents } from './live-events.js';

const event = (id: string, userId = 'ana') => ({ id, type: 'agent.run.completed', userId, data: {} });
const ids = (events: { id: string }[] | undefined) => events?.map(({ id }) => id);

describe('the last five minutes', () => {
  it('are kept, and no more', () => {
    const live = new LiveEvents();
    live.add(event('old'), 0);
    live.add(event('a'), 200_000);
    live.add(event('b'), 400_000);
    expect(live.since('ana', 'old')).toBeUndefined();
    expect(ids(live.since('ana', 'a'))).toEqual(['b']);
  });

  it('give again what arrived just before the last seen event: another replica may have had them in the other order', () => {
    const live = new LiveEvents();
    live.add(event('long before'), 10_000);
    live.add(event('just before'), 19_000);
    live.add(event('last seen'), 20_000);
    expect(ids(live.since('ana', 'last seen'))).toEqual(['just before']);
  });

  it('forget a listener that has gone', () => {
    const live = new LiveEvents();
    const heard: string[] = [];
    const gone = live.listen('ana', ({ id }) => heard.push(id));
    live.add(event('1'));
    gone();
    live.add(event('2'));
    expect(heard).toEqual(['1']);
  });
});
