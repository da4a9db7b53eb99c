import { tail } from '@gatehouse/messaging';
import { eventually } from '@gatehouse/testing';
import { createTopics, env, freshName, freshUser, publish, record } from './harness.ts';
import { probe } from './probe-app.ts';

describe('when somebody listens to the end of topics', () => {
  it('hears what comes from now on, and nothing that is not valid', async () => {
    const { name, Happened, Echoed } = probe(freshName());
    await createTopics(name);
    await publish(Happened.type, [record(Happened.type, { userId: freshUser(), n: 1 })]);
    const heard: [string, number][] = [];
    const listener = await tail({ app: 'listener', KAFKA_BROKERS: env.KAFKA_BROKERS.split(',') }, [Happened, Echoed], (event, contract) => {
      heard.push([contract.type, event.data.n]);
    });
    const user = freshUser();
    await publish(Happened.type, [
      record(Happened.type, { userId: user, n: 2 }, { value: 'no' }),
      record(Happened.type, { userId: user, n: 3 }),
    ]);
    await publish(Echoed.type, [record(Echoed.type, { userId: user, n: 4 })]);
    await eventually(() => expect(heard).toHaveLength(2));
    expect(heard.sort()).toEqual([
      [Echoed.type, 4],
      [Happened.type, 3],
    ]);
    await listener.stop();
  });
});
