import { asSystem } from '@gatehouse/persistence';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { MeasureQueue } from '../src/queue/measure-queue.js';
import { aRun } from './run.builder.js';

describe('the age of the queue', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(() => app.close());

  it('is that of the run that has been due for longest, not of one that waits for somebody or for later', async () => {
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const age = async () => {
      await asSystem(app.em, () => app.app.get(MeasureQueue).execute());
      const line = (await (await fetch(`${app.url}/metrics`)).text()).match(/^agent_runner_queue_age_seconds (\S+)/m);
      return Math.round(Number(line?.[1]) / 60);
    };
    expect(await age()).toBe(0);
    await app.save(aRun({ state: 'queued', runAt: minutesAgo(3) }));
    const oldest = await app.save(aRun({ state: 'queued', runAt: minutesAgo(7) }));
    await app.save(aRun({ state: 'parked', runAt: minutesAgo(60) }));
    expect(await age()).toBe(7);
    await app.save(Object.assign(oldest, { state: 'delayed' }));
    expect(await age()).toBe(3);
  });
});
