import { asSystem, asUsers } from '@gatehouse/persistence';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { moveLanes } from '../src/queue/lanes.js';
import { RecountLanes } from '../src/queue/recount-lanes.js';
import { UserLane } from '../src/queue/user-lane.entity.js';
import { aRun, aUser } from './run.builder.js';

describe('when the counters of a lane are not what its runs say', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(() => app.close());

  it('puts them right, and leaves those that fit alone', async () => {
    const [drifted, sound] = [aUser(), aUser()];
    const lanes = [
      { userId: drifted, ready: 7, running: 2 },
      { userId: sound, ready: 1 },
    ];
    for (const userId of [drifted, sound]) await app.save(aRun({ userId, state: 'queued' }));
    await asUsers(app.em, [drifted, sound], () => app.em.transactional((em) => moveLanes(em, lanes)));
    const recount = () => asSystem(app.em, () => app.app.get(RecountLanes).execute());
    expect(await recount()).toBe(1);
    const [lane] = await asUsers(app.em, [drifted], () => app.em.find(UserLane, { userId: drifted }));
    expect(lane).toMatchObject({ ready: 1, running: 0 });
    expect(await recount()).toBe(0);
  });
});
