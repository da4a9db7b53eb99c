import { randomUUID } from 'node:crypto';
import type { MessageDelta } from '@gatehouse/contracts';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { config } from '../config.js';
import type { Lease } from '../queue/lease.js';
import { Speech } from './speech.js';
import { Watch } from './watch.js';
import { type Note, Wire } from './wire.js';

/** Pieces of text, and the word that there is more, leave this often at the most. */
const FLUSH_MS = 100;
const ANNOUNCE_MS = 15_000;
/** How long a replica's word counts that it watches a run: two announcements may be lost. */
const WATCHED_MS = 50_000;
const RUNS_A_NOTE = 150;
/** All replicas listen here: which of them watches which runs. */
const WATCHED = 'runs_watched';

type Announcement = { to: string; runs: string[]; anew: boolean };
type News = { run: string; user: string; delta?: MessageDelta };

/**
 * What happens in runs, to those who watch. A replica tells the others which runs are watched through it, and is sent news of those, on a
 * channel of its own: a run that nobody watches costs nothing, and nobody hears of runs that are not watched there. All of it may be
 * lost: rows are in `run_event`, which a stream reads once a second, and the whole text comes with the finished message.
 */
@Injectable()
export class LiveRuns implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly here = `runs_${randomUUID()}`;
  private readonly watches = new Map<string, Set<Watch>>();
  /** Run → other replicas that watch it, and until when that is known. */
  private readonly elsewhere = new Map<string, Map<string, number>>();
  private readonly speeches = new Map<string, Speech>();
  /** Runs with something new that was not sent yet. */
  private readonly said = new Set<string>();
  private readonly changed = new Map<string, string>();
  private flushing: NodeJS.Timeout | undefined;
  private announcing: NodeJS.Timeout | undefined;
  private sending = false;
  private readonly wire = new Wire(config.DATABASE_URL, [WATCHED, this.here], {
    heard: (note) => this.heard(note),
    connected: () => this.announce([...this.watches.keys()], true),
  });

  onApplicationBootstrap(): void {
    void this.wire.connect();
    this.announcing = setInterval(() => this.tend(), ANNOUNCE_MS);
  }

  beforeApplicationShutdown(): void {
    for (const watch of [...this.watches.values()].flatMap((some) => [...some])) watch.end();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.announcing);
    clearTimeout(this.flushing);
    await this.wire.stop();
  }

  /** The caller has looked whose run it is, and closes the watch. */
  watch(userId: string, runId: string, onDelta: (delta: MessageDelta) => void): Watch {
    const watch = new Watch(userId, runId, onDelta);
    this.watches.set(runId, (this.watches.get(runId) ?? new Set()).add(watch));
    this.announce([runId], true);
    this.tell(runId);
    return watch;
  }

  close(watch: Watch): void {
    const left = this.watches.get(watch.runId);
    left?.delete(watch);
    if (!left?.size) this.watches.delete(watch.runId);
  }

  /** The model begins to speak. Ended by `silence`, before the finished message is written down. */
  speech({ runId, userId }: Lease, turn: number): Speech {
    const speech = new Speech(runId, userId, turn);
    this.speeches.set(runId, speech);
    return speech;
  }

  say(speech: Speech, text: string): void {
    speech.add(text);
    this.tell(speech.runId);
  }

  silence(speech: Speech): void {
    if (this.speeches.get(speech.runId) === speech) this.speeches.delete(speech.runId);
  }

  /** Something was written down of this run, and committed. */
  more({ runId, userId }: Lease): void {
    for (const watch of this.watchesOf(runId, userId)) watch.wake();
    if (!this.elsewhere.has(runId)) return;
    this.changed.set(runId, userId);
    this.flushSoon();
  }

  private tell(runId: string): void {
    if (!this.watches.has(runId) && !this.elsewhere.has(runId)) return;
    this.said.add(runId);
    this.flushSoon();
  }

  private flushSoon(): void {
    this.flushing ??= setTimeout(() => {
      this.flushing = undefined;
      void this.flush();
    }, FLUSH_MS);
  }

  /** Nobody waits for this. While the last notes are still on their way, what is new waits in the speeches, which are there anyway. */
  private async flush(): Promise<void> {
    if (this.sending) return this.flushSoon();
    const notes = [...this.said].flatMap((runId) => this.spread(runId));
    this.said.clear();
    for (const [run, user] of this.changed) notes.push(...this.listeners(run).map((channel) => news(channel, { run, user })));
    this.changed.clear();
    if (!notes.length) return;
    this.sending = true;
    await this.wire.send(notes);
    this.sending = false;
  }

  private spread(runId: string): Note[] {
    const speech = this.speeches.get(runId);
    if (!speech) return [];
    const { userId: user } = speech;
    for (const watch of this.watchesOf(runId, user)) for (const delta of speech.take(watch)) watch.onDelta(delta);
    return this.listeners(runId).flatMap((channel) => speech.take(channel).map((delta) => news(channel, { run: runId, user, delta })));
  }

  private listeners(runId: string): string[] {
    return this.wire.ready ? [...(this.elsewhere.get(runId)?.keys() ?? [])] : [];
  }

  private watchesOf(runId: string, userId: string): Watch[] {
    return [...(this.watches.get(runId) ?? [])].filter((watch) => watch.userId === userId);
  }

  private heard({ channel, payload }: Note): void {
    if (channel === WATCHED) this.watchedElsewhere(JSON.parse(payload) as Announcement);
    else this.pass(JSON.parse(payload) as News);
  }

  private pass({ run, user, delta }: News): void {
    for (const watch of this.watchesOf(run, user)) {
      if (delta) watch.onDelta(delta);
      else watch.wake();
    }
  }

  private watchedElsewhere({ to, runs, anew }: Announcement): void {
    if (to === this.here) return;
    for (const runId of runs) {
      this.elsewhere.set(runId, (this.elsewhere.get(runId) ?? new Map()).set(to, Date.now() + WATCHED_MS));
      if (anew) this.speeches.get(runId)?.anew(to);
      this.tell(runId);
    }
  }

  private announce(runs: readonly string[], anew: boolean): void {
    const notes = Array.from({ length: Math.ceil(runs.length / RUNS_A_NOTE) }, (_, page): Note => {
      const some = runs.slice(page * RUNS_A_NOTE, (page + 1) * RUNS_A_NOTE);
      return { channel: WATCHED, payload: JSON.stringify({ to: this.here, runs: some, anew } satisfies Announcement) };
    });
    void this.wire.send(notes);
  }

  private tend(): void {
    const now = Date.now();
    for (const [runId, replicas] of this.elsewhere) {
      for (const [replica, until] of replicas) if (until < now) replicas.delete(replica);
      if (!replicas.size) this.elsewhere.delete(runId);
    }
    const runs = [...this.watches.keys()];
    if (runs.length) this.announce(runs, false);
    else void this.wire.send([]);
  }
}

const news = (channel: string, about: News): Note => ({ channel, payload: JSON.stringify(about) });
