import { startApp } from '@gatehouse/testing';
import { aUser } from './connecting.js';

process.env.CONNECT_VERIFIER = 'false';
const { AppModule } = await import('../src/app.module.js');

describe('when the project has no verifier', () => {
  it('hands out no link, and lists the apps all the same', async () => {
    const app = await startApp(AppModule);
    try {
      const { post, get } = app.as(aUser());
      expect(await post('/v1/connections', { app: 'slack' })).toMatchObject({ status: 503, body: { code: 'connect_not_configured' } });
      const { body } = await get('/v1/apps?limit=2');
      expect(body.data).toHaveLength(2);
      const rest = await get(`/v1/apps?limit=100&cursor=${body.nextCursor}`);
      expect(rest.body.data.map((one: { app: string }) => one.app)).toContain('slack');
      expect(rest.body.nextCursor).toBeNull();
      expect((await get('/v1/apps?search=SLA')).body.data).toMatchObject([{ app: 'slack', name: 'Slack', connectable: true }]);
      expect((await get('/v1/apps?apps=slack,gmail,nosuch')).body.data).toMatchObject([{ app: 'gmail' }, { app: 'slack' }]);
    } finally {
      await app.close();
    }
  });
});
