import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from './sandbox.js';

let folder: string;
let after: Sandbox | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterAll(async () => {
  await after?.close();
  await rm(folder, { recursive: true });
});

describe('when the sandbox is started again with its snapshot', () => {
  it('accounts, open sessions and settings are as they were', async () => {
    const env = { SANDBOX_SNAPSHOT: join(folder, 'snapshot.json') };
    const before = await startSandbox(env);
    const connected = await before.project('local').connect('ana');
    await before.project('local').control('PUT', 'project', { verifierUrl: 'http://localhost:3000/connect/verify' });
    const open = await before.project('local').connect('ben');
    await before.close();

    after = await startSandbox(env);
    const { ask } = after.project('local');
    expect((await ask('GET', `/api/v3.1/connected_accounts/${connected.id}`)).body).toMatchObject({ status: 'ACTIVE', user_id: 'ana' });
    const body = { session_uri: open.to.searchParams.get('session_uri'), user_id: 'ben' };
    expect((await ask('POST', '/api/v3.1/connected_accounts/complete_auth', body)).status).toBe(200);
  });

  it('one that cannot be read stops the start, and says what to do', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{"projects": [');
    await expect(startSandbox({ SANDBOX_SNAPSHOT: file })).rejects.toThrow('cannot be read. Delete it to start empty.');
  });
});
