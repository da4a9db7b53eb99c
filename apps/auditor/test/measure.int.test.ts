import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { MeasureWorker } from '../src/measure.worker.js';
import { Cycle } from '../src/sweep/cycle.entity.js';

describe('the age of what was not checked', () => {
  let auditor: TestApp;
  beforeAll(async () => {
    auditor = await startApp(AppModule);
  });
  afterAll(() => auditor.close());

  const cycle = (state: 'open' | 'closed', minutesAgo: number) => {
    const openedAt = new Date(Date.now() - minutesAgo * 60_000);
    return auditor.save(Object.assign(new Cycle(), { periodStart: openedAt, state, openedAt, closedAt: null }));
  };
  const minutes = async () => {
    await auditor.app.get(MeasureWorker).tick();
    const line = (await (await fetch(`${auditor.url}/metrics`)).text()).match(/^auditor_unchecked_seconds (\S+)/m);
    return Math.round(Number(line?.[1]) / 60);
  };

  it('is counted from the beginning of the last complete sweep, whatever is under way since', async () => {
    expect(await minutes()).toBe(0);
    await cycle('open', 20);
    expect(await minutes()).toBe(20);
    await cycle('closed', 90);
    await cycle('closed', 60);
    expect(await minutes()).toBe(60);
  });
});
