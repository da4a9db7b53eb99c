import { type Sandbox, startSandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const accounts = '/api/v3.1/connected_accounts';

describe('when accounts are seeded by the number', () => {
  it('a hundred thousand are there in seconds, a page of them at once, and the same seed gives the same', async () => {
    const project = sandbox.project('many');
    const generate = { users: 50_000, appsPerUser: 2, expiredShare: 0.01, seed: 3 };
    const { count, accounts: first } = await project.control('POST', 'seed', { generate });
    expect(count).toBe(100_000);
    const { body: page } = await project.ask('GET', `${accounts}?statuses=EXPIRED&account_type=ALL&limit=50`);
    expect(page.items).toHaveLength(50);
    expect(page.total_items).toBeGreaterThan(800);
    const { body: own } = await project.ask('GET', `${accounts}?user_ids=usr_49999&account_type=ALL`);
    expect(own.items.map(({ toolkit }: { toolkit: { slug: string } }) => toolkit.slug)).toEqual(['slack', 'gmail']);
    const again = await sandbox.project('many-again').control('POST', 'seed', { generate });
    expect(again.accounts).toEqual(first);
  });

  it.each(['asc', 'desc'])('stable cursors miss none while rows leave the list, %s', async (direction) => {
    const project = sandbox.project(`stable-${direction}`);
    await project.control('PUT', 'project', { pages: { cursors: 'stable' } });
    await project.control('POST', 'seed', { generate: { users: 1_200, expiredShare: 0 } });
    const seen = new Set<string>();
    for (let cursor = ''; ; ) {
      const query = `statuses=ACTIVE&limit=50&order_direction=${direction}${cursor && `&cursor=${cursor}`}`;
      const { body } = await project.ask('GET', `${accounts}?${query}`);
      for (const { id } of body.items) seen.add(id);
      await project.control('PATCH', `accounts/${body.items[0].id}`, { status: 'EXPIRED' });
      await project.control('PATCH', `accounts/${body.items.at(-1).id}`, { status: 'EXPIRED' });
      if (!body.next_cursor) break;
      cursor = body.next_cursor;
    }
    expect(seen.size).toBe(1_200);
  });
});

describe('when the catalogue is read', () => {
  it('it has a dozen apps with sixty tools, each with a schema, and hints that say what it does', async () => {
    const { ask } = sandbox.project('catalogue');
    expect((await ask('GET', '/api/v3.1/toolkits?limit=50')).body.items.length).toBeGreaterThanOrEqual(12);
    const { items } = (await ask('GET', '/api/v3.1/tools?limit=9999')).body;
    expect(items.length).toBeGreaterThanOrEqual(60);
    for (const { tags, input_parameters, description } of items) {
      expect([tags.includes('readOnlyHint'), tags.includes('destructiveHint'), tags.includes('important')].filter(Boolean)).toHaveLength(1);
      expect(Object.keys(input_parameters.properties)).toEqual(expect.arrayContaining(input_parameters.required));
      expect(description.length).toBeGreaterThan(20);
    }
  });

  it('stable cursors work for it, too', async () => {
    const project = sandbox.project('catalogue-stable');
    await project.control('PUT', 'project', { pages: { cursors: 'stable' } });
    const first = (await project.ask('GET', '/api/v3.1/toolkits?limit=8')).body;
    const second = (await project.ask('GET', `/api/v3.1/toolkits?limit=8&cursor=${first.next_cursor}`)).body;
    expect(first.items.length + second.items.length).toBe(first.total_items);
  });
});
