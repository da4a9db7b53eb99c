import type { ConnectAttempt, ConnectionView } from '@gatehouse/contracts';
import { ApiProblem, type Client } from './client.js';

/** What shall be connected: an app (under a name, from the second account on), or a connection that is there, again. */
export type ConnectWish = { app: string; alias?: string } | { connectionId: string; app: string };

export interface Attempt {
  wish: ConnectWish;
  /**
   * `asking` for the link, `blocked` popup (open `url` in this window instead), `waiting` for the person elsewhere, `checking`: they are back,
   * `over`: they came back, and what became of it is being read; `unchanged`: nothing; `connected`; `refused` (see `problem`); `late`: the link ran out.
   */
  phase: 'asking' | 'blocked' | 'waiting' | 'checking' | 'over' | 'unchanged' | 'connected' | 'refused' | 'late';
  connectionId?: string;
  url?: string;
  expiresAt?: number;
  problem?: ApiProblem;
}
/** Attempts by app: there is one at a time for each. */
export type Attempts = ReadonlyMap<string, Attempt>;

/** The name of our popup: a second click uses the same window. */
const POPUP = 'gatehouse-connect';
const FAST_MS = 2_000;
const SLOW_MS = 10_000;
const FAST_FOR_MS = 120_000;
const NEW_MS = 60_000;
/** What a server that is still looking may take after the link ran out. */
const GRACE_MS = 90_000;

interface Around {
  client: Client;
  /** Reads the connections again; the answer comes to `tell`. */
  refresh: () => void;
  now?: () => number;
}

/**
 * What this page knows of attempts to connect, beside the truth, which is the server's. A popup proves nothing, whether it is open or closed;
 * a message on a channel proves nothing either: each of them is only a reason to read.
 */
export class Connecting {
  private map: Attempts = new Map();
  private before = new Map<string, string | null>();
  private readonly listeners = new Set<() => void>();
  private readonly channels = new Map<string, BroadcastChannel>();
  /** Connections whose popup this page opened. */
  private readonly popups = new Set<string>();
  private began = Number.NEGATIVE_INFINITY;
  private known: readonly ConnectionView[] = [];
  /** Between the tabs of a person: no event tells that an attempt began. */
  private tabs: BroadcastChannel | undefined;

  constructor(private readonly around: Around) {}

  readonly attempts = (): Attempts => this.map;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.otherTabs();
    return () => this.listeners.delete(listener);
  };

  /**
   * Asks for a link and sends the person there. Call it in the click's handler, without an await before: browsers open a window for a click
   * only. `away` leaves by this window instead, as phones do.
   */
  async begin(wish: ConnectWish, { away = leavesByItself(), words = '' }: { away?: boolean; words?: string } = {}): Promise<void> {
    const popup = away ? null : openPopup(words);
    this.began = this.now();
    this.set({ wish, phase: 'asking' });
    try {
      const { id, connectUrl, expiresAt } = await this.ask(wish);
      if (!this.before.has(id)) this.before.set(id, stampOf(this.known.find((one) => one.id === id)));
      const attempt: Attempt = { wish, phase: 'waiting', connectionId: id, url: connectUrl, expiresAt: Date.parse(expiresAt) };
      this.hear(id);
      if (popup) this.popups.add(id);
      if (away) location.assign(connectUrl);
      else if (!popup || popup.closed) attempt.phase = 'blocked';
      else sendTo(popup, connectUrl);
      this.set(attempt);
    } catch (error) {
      popup?.close();
      this.set({ wish, phase: 'refused', ...(error instanceof ApiProblem && { problem: error }) });
    }
    this.around.refresh();
    this.otherTabs().postMessage('began');
  }

  /** The popup was blocked: the person goes there in this window. */
  leave(app: string): void {
    const url = this.map.get(app)?.url;
    if (url) location.assign(url);
  }

  /** What was said about it has been read. */
  dismiss(app: string): void {
    const next = new Map(this.map);
    next.delete(app);
    this.change(next);
  }

  /** The connections as they are now: ends the attempts that they answer, and watches those that another tab began. */
  tell(connections: readonly ConnectionView[]): void {
    this.known = connections;
    for (const { id, status } of connections) if (status === 'pending') this.hear(id);
    for (const attempt of this.map.values()) {
      const { connectionId: id, phase } = attempt;
      if (!id || !isOpen(phase)) continue;
      const now = connections.find((one) => one.id === id);
      if (now?.status === 'active' && stampOf(now) !== (this.before.get(id) ?? null)) this.end({ ...attempt, phase: 'connected' }, id);
      else if (!now || now.status === 'not_finished' || now.status === 'removing') this.end(attempt, id);
      else if (phase === 'over') this.set({ ...attempt, phase: 'unchanged' });
      else if (this.now() > (attempt.expiresAt ?? 0) + GRACE_MS) this.set({ ...attempt, phase: 'late' });
    }
  }

  /** How long until the connections should be read again, in milliseconds; false: the stream tells. */
  pace(): number | false {
    const open = [...this.map.values()].some(({ phase }) => isOpen(phase));
    const unsettled = this.known.some(({ status }) => status === 'pending');
    // No event tells of these two: that a removal has begun here, and whose the account is.
    const soon = this.known.some((one) => one.status === 'removing' || (one.status === 'active' && !one.accountLabel && this.isNew(one)));
    if (soon || (open && this.now() - this.began < FAST_FOR_MS)) return FAST_MS;
    return open || unsettled ? SLOW_MS : false;
  }

  close(): void {
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
    this.tabs?.close();
    this.tabs = undefined;
  }

  private otherTabs(): BroadcastChannel {
    if (!this.tabs) {
      this.tabs = new BroadcastChannel('gatehouse.connections');
      this.tabs.onmessage = () => this.around.refresh();
    }
    return this.tabs;
  }

  private ask(wish: ConnectWish): Promise<ConnectAttempt> {
    if ('connectionId' in wish) return this.around.client.post(`/v1/connections/${wish.connectionId}/reconnect`);
    return this.around.client.post('/v1/connections', wish);
  }

  /** The return page speaks on the connection's own channel. */
  private hear(id: string): void {
    if (this.channels.has(id)) return;
    const channel = new BroadcastChannel(`connect:${id}`);
    channel.onmessage = ({ data }) => {
      const found = [...this.map.values()].find(({ connectionId }) => connectionId === id);
      if (found && isOpen(found.phase)) this.set({ ...found, phase: data === 'over' ? 'over' : 'checking' });
      if (data === 'over' && this.popups.delete(id)) channel.postMessage('close');
      this.around.refresh();
    };
    this.channels.set(id, channel);
  }

  private end(attempt: Attempt, id: string): void {
    this.before.delete(id);
    if (attempt.phase === 'connected') this.set(attempt);
    else this.dismiss(attempt.wish.app);
  }

  private set(attempt: Attempt): void {
    this.change(new Map(this.map).set(attempt.wish.app, attempt));
  }

  private change(next: Attempts): void {
    this.map = next;
    for (const listener of this.listeners) listener();
  }

  private isNew({ connectedAt }: ConnectionView): boolean {
    return connectedAt !== null && this.now() - Date.parse(connectedAt) < NEW_MS;
  }

  private now(): number {
    return (this.around.now ?? Date.now)();
  }
}

const isOpen = (phase: Attempt['phase']): boolean => phase === 'waiting' || phase === 'checking' || phase === 'blocked' || phase === 'over';

/** Changes whenever a connection became active (again). */
const stampOf = (connection: ConnectionView | undefined): string | null => connection?.connectedAt ?? null;

/** Phones and the browsers inside of apps show popups badly or not at all. */
export function leavesByItself(): boolean {
  const small = matchMedia('(pointer: coarse) and (max-width: 48em)').matches;
  return small || /FBAN|FBAV|Instagram|Line\/|; wv\)/.test(navigator.userAgent);
}

/** On a blank page of ours. Null when the browser blocks it. */
function openPopup(words: string): Window | null {
  const width = 560;
  const height = 720;
  const left = Math.max(0, Math.round(screenX + (outerWidth - width) / 2));
  const popup = open('about:blank', POPUP, `popup,width=${width},height=${height},left=${left},top=${Math.max(0, screenY + 60)}`);
  try {
    if (popup) popup.document.body.textContent = words;
  } catch {
    // one from before that is still at the provider: it is sent on all the same
  }
  return popup;
}

/** The provider's page gets no hold of ours: it could send our window elsewhere. */
function sendTo(popup: Window, url: string): void {
  try {
    popup.opener = null;
  } catch {
    // another site's page: it was cut off before
  }
  popup.location.replace(url);
  popup.focus();
}
