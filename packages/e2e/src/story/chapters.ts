import { randomUUID } from 'node:crypto';
import { Person } from '../person.js';
import type { Mail } from '../provider.js';
import { holds, until } from '../until.js';
import { approve, connect, expectStatus, productUser, type Run, runIn, type Stage } from './stage.js';

const ANA_SLACK = "Please post 'Hello from Gatehouse' to #general on Slack";

interface Connection {
  id: string;
  app: string;
  status: string;
}
interface Message {
  id: string;
  kind: string;
  state: string;
}

export async function people(stage: Stage): Promise<void> {
  const { upstream, watcher, provider, gateway, tell } = stage;
  for (const person of [stage.ana, stage.ben]) {
    await upstream.publish({ type: 'user.created', data: { userId: person.id, email: person.email, name: person.name }, times: 3 });
  }
  const cleo = new Person({ id: '', name: 'Cleo', email: `cleo.${randomUUID()}@example.com`, gateway });
  expectStatus(
    await cleo.post('/auth/sign-up/email', { email: cleo.email, password: 'correct horse battery', name: 'Cleo' }),
    200,
    'signing up',
  );
  const mail = await until<Mail>('the mail that proves the address', async () => (await provider.mails(cleo.email))[0]);
  const token = /[?&]token=([^&\s"]+)/.exec(mail.text)?.[1];
  holds(token, 'the mail has a link with a token');
  expectStatus(await cleo.post('/auth/verify-email', { token: decodeURIComponent(token) }), 200, 'proving the address');
  expectStatus(await cleo.post('/auth/sign-in', { email: cleo.email, password: 'correct horse battery' }), 200, 'signing in');
  const me = expectStatus(await cleo.get<{ userId: string }>('/v1/me'), 200, 'asking who I am');

  const [created] = await until('user.created of Cleo', () => {
    const found = watcher.of('user.created', ({ key }) => key === me.userId);
    return found.length > 0 && found;
  });
  holds(created, 'identity told of Cleo');
  const { ce_id: id = '', ce_source: source = '' } = created.headers;
  await upstream.publish({ type: 'user.created', data: created.data, id, source, times: 2 });

  const everybody: [string, string][] = [
    [stage.ana.id, stage.ana.email],
    [stage.ben.id, stage.ben.email],
    [me.userId, cleo.email],
  ];
  for (const [userId, email] of everybody) {
    await until(`the entity of ${userId}`, () => watcher.of('entity.created', ({ key }) => key === userId).length > 0);
    // Told once more, by another event: one consumer reads a key's events in order, so once a later user is there, all copies were read.
    await upstream.publish({ type: 'user.created', data: { userId, email } });
  }
  const last = `last-${randomUUID()}`;
  await upstream.publish({ type: 'user.created', data: { userId: last, email: 'last@example.com' } });
  await until('the entity behind the copies', () => watcher.of('entity.created', ({ key }) => key === last).length > 0);
  for (const [userId] of everybody) {
    holds(watcher.of('entity.created', ({ key }) => key === userId).length === 1, `${userId} has one entity, once`);
  }
  tell(
    'a) Ana and Ben came from the product, Cleo signed up and proved her address. Every event was sent three times; each got one entity, once.',
  );
}

export async function blocked(stage: Stage): Promise<Run> {
  const asked = expectStatus(
    await stage.ana.post<Run>('/v1/runs', { input: ANA_SLACK, apps: { required: ['slack'] } }),
    202,
    'asking for a run',
  );
  const run = await runIn(stage.ana, asked.id, 'parked', 'connection');
  const message = run.waitingFor?.blockers[0]?.message;
  holds(message === 'Please connect your Slack account first in Settings > Integrations.', `the words of the gate, not "${message}"`);
  await until('agent.run.blocked', () => stage.watcher.of('agent.run.blocked', ({ data }) => data.runId === run.id).length === 1);
  expectStatus(await stage.ben.get(`/v1/runs/${run.id}`), 404, "Ben reading Ana's run");
  stage.tell(`b) Ana asked for a run that needs Slack. It waits: "${message}"`);
  return run;
}

export async function firstConnection(stage: Stage, waiting: Run): Promise<string> {
  const { ana, provider, watcher, tell } = stage;
  const id = await connect(stage, ana, '/v1/connections', { app: 'slack' });
  await until('connection.activated', () => watcher.of('connection.activated', ({ data }) => data.connectionId === id).length === 1);
  tell('c) Ana connected Slack: link, consent page, and she came back herself. The waiting run went on by itself …');
  holds((await provider.effects()).length === 0, 'nothing was posted before she approved');
  await approve(ana, waiting.id);
  const done = await runIn(ana, waiting.id, 'completed');
  const posted = (await provider.effects()).filter(({ app }) => app === 'slack');
  holds(posted.length === 1 && posted[0]?.owner === ana.id, `one message, with Ana's Slack: ${JSON.stringify(posted)}`);
  tell(
    `   … asked her to approve the message, and posted it to her Slack after she did. Ben's is untouched. The agent says: "${done.output}"`,
  );
  return id;
}

export async function unattended(stage: Stage): Promise<void> {
  const { ben, upstream, provider, watcher, tell } = stage;
  await connect(stage, ben, '/v1/connections', { app: 'gmail' });
  await connect(stage, ben, '/v1/connections', { app: 'github' });
  const runId = randomUUID();
  const input =
    'Send an email to team@example.com with subject "Weekly report" saying "All is well", then create an issue "Weekly report" in acme/reports';
  await upstream.publish({
    type: 'agent.run.requested',
    source: '/product/reports',
    data: { runId, userId: ben.id, input, agent: 'reporter', apps: { required: ['gmail', 'github'], optional: [] }, origin: 'service' },
    times: 3,
  });
  await until('agent.run.completed of Ben', () => {
    const failed = watcher.of('agent.run.failed', ({ data }) => data.runId === runId)[0];
    if (failed) throw new Error(`the run failed: ${failed.body}`);
    return watcher.of('agent.run.completed', ({ data }) => data.runId === runId).length > 0;
  });
  const effects = (await provider.effects()).filter(({ owner }) => owner === ben.id);
  const tools = effects.map(({ tool }) => tool).sort();
  holds(
    JSON.stringify(tools) === JSON.stringify(['GITHUB_CREATE_AN_ISSUE', 'GMAIL_SEND_EMAIL']),
    `one mail and one issue with Ben's accounts: ${tools}`,
  );
  holds((await provider.effects()).length === 3, 'and nothing with anybody else’s');
  tell(
    "d) The product asked for a run of Ben's with an agent whose two writes an operator marked unattended: it sent the mail and created the issue with Ben's accounts, once, though it was asked three times.",
  );
}

export async function expiry(stage: Stage, connectionId: string): Promise<void> {
  const { ana, ben, provider, watcher, tell } = stage;
  expectStatus(await ben.post('/v1/connections', { app: 'notion' }), 201, 'Ben starting to connect Notion');
  await provider.pass(11);
  await provider.break(ana.id, 'slack');
  const before = await provider.sweeps();
  await until('connection.expired', () => watcher.of('connection.expired', ({ key }) => key === ana.id).length > 0, 60);
  await until('three more sweeps', async () => (await provider.sweeps()) >= before + 3, 60);
  const told = watcher.of('connection.expired');
  holds(
    told.length === 1 && told[0]?.data.connectionId === connectionId,
    `one connection.expired, Ana's: ${JSON.stringify(told.map(({ data }) => data))}`,
  );
  const mails = await until('the e-mail', async () => {
    const found = (await provider.mails(ana.email)).filter(({ subject }) => subject.includes('Reconnect Slack'));
    return found.length > 0 && found;
  });
  holds(mails.length === 1, 'one e-mail');
  const inbox = expectStatus(await ana.get<{ data: Message[] }>('/v1/inbox'), 200, 'reading the inbox').data.filter(
    ({ kind }) => kind === 'connection.expired',
  );
  holds(inbox.length === 1 && inbox[0]?.state === 'posted', `one inbox entry: ${JSON.stringify(inbox)}`);
  const bens = expectStatus(await ben.get<{ data: Message[] }>('/v1/inbox'), 200, "reading Ben's inbox").data.filter(
    ({ kind }) => kind === 'connection.expired',
  );
  holds(
    bens.length === 0 && (await provider.mails(ben.email)).every(({ subject }) => !subject.includes('Reconnect')),
    "nobody is told of Ben's abandoned attempt",
  );
  tell(
    "e) Ana's Slack broke at the provider. A sweep found it and three more changed nothing: one event, one inbox entry, one e-mail. Ben's abandoned attempt notified nobody.",
  );
}

export async function reconnection(stage: Stage, connectionId: string): Promise<void> {
  const { ana, provider, watcher, tell } = stage;
  const asked = expectStatus(await ana.post<Run>('/v1/runs', { input: ANA_SLACK, apps: { required: ['slack'] } }), 202, 'asking for a run');
  const run = await runIn(ana, asked.id, 'parked', 'connection');
  const message = run.waitingFor?.blockers[0]?.message;
  holds(
    message === 'Your Slack connection has expired. Please reconnect in Settings > Integrations.',
    `the words of the gate, not "${message}"`,
  );
  const id = await connect(stage, ana, `/v1/connections/${connectionId}/reconnect`);
  holds(id === connectionId, 'a reconnection keeps the id');
  await approve(ana, run.id);
  await runIn(ana, run.id, 'completed');
  const posted = (await provider.effects()).filter(({ app }) => app === 'slack');
  holds(posted.length === 2 && posted.every(({ owner }) => owner === ana.id), "the second message, with Ana's Slack again");
  await until('the message is settled', async () => {
    const { data } = expectStatus(await ana.get<{ data: Message[] }>('/v1/inbox'), 200, 'reading the inbox');
    return data.find(({ kind }) => kind === 'connection.expired')?.state === 'resolved';
  });
  const { data } = expectStatus(await ana.get<{ data: Connection[] }>('/v1/connections'), 200, 'reading connections');
  holds(data.length === 1 && data[0]?.id === connectionId && data[0].status === 'active', 'one Slack connection, active, the same');
  holds(watcher.of('connection.expired').length === 1, 'still one incident');
  tell(`f) Her next run was refused: "${message}" She reconnected, the run went on by itself, and the message in her inbox is settled.`);
}

export async function garbage(stage: Stage): Promise<void> {
  const { upstream, watcher, gateway, issuer, tell } = stage;
  const [dora, eli] = ['Dora', 'Eli'].map((name) => productUser(gateway, issuer, `${name.toLowerCase()}-${randomUUID()}`, name)) as [
    Person,
    Person,
  ];
  const bad = [
    await publishBad(stage, { data: { userId: dora.id }, body: '{"userId": "' }),
    await publishBad(stage, { data: { userId: dora.id, email: 'no address' } }),
    await publishBad(stage, { data: { userId: 'default', email: 'default@example.com' } }),
    await publishBad(stage, { data: { userId: dora.id, email: dora.email }, key: stage.ben.id }),
  ];
  for (const person of [dora, eli]) await upstream.publish({ type: 'user.created', data: { userId: person.id, email: person.email } });
  for (const person of [dora, eli]) {
    await until(
      `the good event of ${person.name} went through`,
      () => watcher.of('entity.created', ({ key }) => key === person.id).length === 1,
    );
  }
  const reasons = new Map<string, string>();
  for (const id of bad) {
    const letter = await until('the dead letter', () => watcher.of('connections.dead-letters', ({ headers }) => headers.ce_id === id)[0]);
    holds(letter.headers.dl_reason, 'a dead letter says why');
    reasons.set(id, letter.headers.dl_reason);
  }
  holds(watcher.of('entity.created', ({ key }) => key === 'default').length === 0, 'the user "default" is nobody');
  tell(
    `g) Upstream sent garbage among good events. The good ones went through; the bad ones are dead letters: ${[...reasons.values()].map((reason) => `"${reason}"`).join(', ')}.`,
  );
}

function publishBad(stage: Stage, publication: { data: unknown; body?: string; key?: string }): Promise<string> {
  return stage.upstream.publish({ type: 'user.created', ...publication });
}
