import { Injectable } from '@nestjs/common';

const KEPT_MS = 300_000;
/** Replicas read topics in different orders: what arrived just before the last seen event may not have been seen. */
const OVERLAP_MS = 2_000;

export interface LiveEvent {
  id: string;
  type: string;
  userId: string;
  data: Record<string, unknown>;
}
type Listener = (event: LiveEvent) => void;

/** The last five minutes of what is streamed, and who listens. An id is the event's own, so it means the same on every replica. */
@Injectable()
export class LiveEvents {
  private kept: { event: LiveEvent; at: number }[] = [];
  private readonly listeners = new Map<string, Set<Listener>>();

  add(event: LiveEvent, now = Date.now()): void {
    const fresh = this.kept.findIndex(({ at }) => at > now - KEPT_MS);
    if (fresh !== 0) this.kept.splice(0, fresh < 0 ? this.kept.length : fresh);
    this.kept.push({ event, at: now });
    for (const listener of this.listeners.get(event.userId) ?? []) listener(event);
  }

  /** This user's events after that one, a few perhaps twice; undefined when it is not known any more, and then lists must be read anew. */
  since(userId: string, id: string): LiveEvent[] | undefined {
    const last = this.kept.find(({ event }) => event.id === id && event.userId === userId);
    if (!last) return undefined;
    return this.kept
      .filter(({ event, at }) => event.userId === userId && event.id !== id && at >= last.at - OVERLAP_MS)
      .map(({ event }) => event);
  }

  /** Calls the listener for each event of this user, until what it returns is called. */
  listen(userId: string, listener: Listener): () => void {
    const all = this.listeners.get(userId) ?? new Set();
    this.listeners.set(userId, all.add(listener));
    return () => {
      all.delete(listener);
      if (!all.size) this.listeners.delete(userId);
    };
  }
}
