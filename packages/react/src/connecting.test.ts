import type { ConnectionView } from '@gatehouse/contracts';
import type { Client } from './client.js';
import { Connecting } from './connecting.js';

const ID = '0190c0de-0000-7000-8000-000000000001';
const wish = { app: 'slack' };
const row = (change: Partial<ConnectionView>) =>
  ({ id: ID, app: 'slack', status: 'pending', connectedAt: null, ...change }) as ConnectionView;

interface Stand {
  connecting: Connecting;
  clock: { now: number };
  reads: () => number;
  phase: () => string | undefined;
}

/** A page that has asked for a link; the window that opened takes note of where it was sent. */
async function aStand(popup: object | null, answer: () => Promise<unknown> = ok): Promise<Stand> {
  const clock = { now: 1_000_000 };
  const reads: number[] = [];
  Object.assign(globalThis, { open: () => popup, screenX: 0, screenY: 0, outerWidth: 1000 });
  const client = { post: answer } as unknown as Client;
  const connecting = new Connecting({ client, refresh: () => void reads.push(clock.now), now: () => clock.now });
  await connecting.begin(wish, { away: false });
  stands.push(connecting);
  return { connecting, clock, reads: () => reads.length, phase: () => connecting.attempts().get('slack')?.phase };
}
const stands: Connecting[] = [];
const ok = async () => ({ id: ID, connectUrl: 'https://provider.example/link', expiresAt: new Date(1_600_000).toISOString() });
const aPopup = () => {
  const sent: string[] = [];
  return {
    sent,
    opener: {},
    closed: false,
    focus: () => undefined,
    close: () => undefined,
    location: { replace: (url: string) => sent.push(url) },
  };
};

afterEach(() => {
  for (const one of stands.splice(0)) one.close();
});

describe('an attempt to connect', () => {
  it('sends the window that the click opened to the link, without a hold of ours', async () => {
    const popup = aPopup();
    const { phase } = await aStand(popup);
    expect(popup.sent).toEqual(['https://provider.example/link']);
    expect(popup.opener).toBeNull();
    expect(phase()).toBe('waiting');
  });

  it('says when the window was blocked, and keeps the link', async () => {
    const { connecting, phase } = await aStand(null);
    expect(phase()).toBe('blocked');
    expect(connecting.attempts().get('slack')?.url).toBe('https://provider.example/link');
  });

  it('closes the window again when there is no link', async () => {
    let closed = 0;
    const { phase } = await aStand({ ...aPopup(), close: () => (closed += 1) }, () => Promise.reject(new Error('no')));
    expect([phase(), closed]).toEqual(['refused', 1]);
  });

  it('is over when the connection is there, whoever saw it first', async () => {
    const { connecting, phase } = await aStand(aPopup());
    connecting.tell([row({})]);
    expect(phase()).toBe('waiting');
    connecting.tell([row({ status: 'active', connectedAt: '2026-11-03T10:00:00.000Z' })]);
    expect(phase()).toBe('connected');
  });

  it('takes a message of the return page for a reason to read, and for nothing else', async () => {
    const { connecting, reads, phase } = await aStand(aPopup());
    connecting.tell([row({ status: 'broken', connectedAt: '2026-11-01T10:00:00.000Z' })]);
    const before = reads();
    const page = new BroadcastChannel(`connect:${ID}`);
    const told = new Promise((heard) => {
      page.onmessage = ({ data }) => heard(data);
    });
    await new Promise<void>((heard) => {
      const leave = connecting.subscribe(() => {
        leave();
        heard();
      });
      page.postMessage('over');
    });
    expect(await told).toBe('close'); // it is our popup
    page.close();
    expect(reads()).toBe(before + 1);
    expect(phase()).toBe('over'); // shown as checking, until it is read
    connecting.tell([]);
    expect(phase()).toBeUndefined();
  });

  it('is late when the link ran out and nobody said anything', async () => {
    const { connecting, clock, phase } = await aStand(aPopup());
    clock.now = 1_600_000 + 100_000;
    connecting.tell([row({})]);
    expect(phase()).toBe('late');
  });

  it('is looked at every two seconds for two minutes, then every ten, and not at all when all is settled', async () => {
    const { connecting, clock } = await aStand(aPopup());
    connecting.tell([row({})]);
    expect(connecting.pace()).toBe(2_000);
    clock.now += 130_000;
    expect(connecting.pace()).toBe(10_000);
    connecting.tell([row({ status: 'active', connectedAt: '2026-01-01T00:00:00.000Z', accountLabel: 'ana@example.com' })]);
    expect(connecting.pace()).toBe(false);
  });
});
