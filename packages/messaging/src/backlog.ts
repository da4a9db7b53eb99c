/** Where a group stands in a partition, and where the partition ends. */
export interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  /** The next record that the group will read. */
  readonly position: number;
  /** The next record that the partition will get. */
  readonly end: number;
}

export interface Lag {
  readonly events: number;
  /** For how long the oldest unread event has been waiting, at least. */
  readonly ageMs: number;
}

const MARKS = 100;

/**
 * How far a group is behind, by topic, from looks at its offsets. Offsets alone do not say how old a record is, so it remembers when each
 * partition was first seen to end where: an event that lies below an end seen a minute ago is a minute old, at least. Before the first
 * look nothing is known, so after a start the age begins at 0. Of a long wait at most 100 ends are kept for a partition.
 */
export class Backlog {
  private marks = new Map<string, { end: number; at: number }[]>();

  constructor(private readonly now: () => number = Date.now) {}

  /** The whole of what is read: a topic or partition that is not in it any more is forgotten. */
  note(partitions: readonly PartitionEnd[]): Map<string, Lag> {
    const lags = new Map<string, Lag>();
    const marks: typeof this.marks = new Map();
    for (const one of partitions) {
      const name = `${one.topic}/${one.partition}`;
      const waiting = this.mark(this.marks.get(name) ?? [], one);
      marks.set(name, waiting);
      const { events, ageMs } = lags.get(one.topic) ?? { events: 0, ageMs: 0 };
      const [oldest] = waiting;
      const behind = Math.max(0, one.end - one.position);
      lags.set(one.topic, { events: events + behind, ageMs: Math.max(ageMs, oldest ? this.now() - oldest.at : 0) });
    }
    this.marks = marks;
    return lags;
  }

  private mark(before: { end: number; at: number }[], { position, end }: PartitionEnd): { end: number; at: number }[] {
    const left = before.filter((mark) => mark.end > position && mark.end <= end); // beyond the end: the topic was made anew
    if (end > position && end > (left.at(-1)?.end ?? 0)) left.push({ end, at: this.now() });
    return left.length > MARKS ? left.filter((_, nth) => nth % 2 === 0) : left;
  }
}
