import type { EventContract, EventData } from '@gatehouse/contracts';
import { validate as isUuid, v5 as uuidv5 } from 'uuid';
import { headerText, textOf } from './bytes.js';
import type { AnyEvent } from './event.js';
import { faultsOf } from './faults.js';
import type { RawMessage } from './raw-message.js';

/** Days that an event id is remembered: the topic's retention, the replay window and slack. Older events cannot be told from repeats. */
export const INBOX_DAYS = 35;
const DAY_MS = 86_400_000;
const NAMESPACE = 'a3cf4e52-8d6e-4f0e-9a53-6a0f4d1e7c21';
const OURS = /^gatehouse\/[a-z-]+$/;

export const sourceOf = (app: string): string => `gatehouse/${app}`;

/** Why an event cannot be handled; `code` for counting, `reason` for a person. Neither holds content of the event. */
export interface Failure {
  readonly code: string;
  readonly class: 'permanent' | 'transient' | 'unknown';
  readonly reason: string;
  readonly attempts: number;
}

/** A record after its checks: an event, or a failure that says why it is none. */
export interface Decoded {
  readonly message: RawMessage;
  readonly eventId: string;
  /** UTC day of `ce_time`, which all copies of an event share; of the record where there is none. */
  readonly eventDay: string;
  /** By which a batch is sorted: the user's id; of what is no event, the bytes of the record's key. */
  readonly key: string;
  readonly event: AnyEvent | undefined;
  failure: Failure | undefined;
}

class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What says where an event comes from; read once, since each header of each event is bytes. */
interface Origin {
  readonly source: string | undefined;
  readonly id: string | undefined;
  readonly time: string | undefined;
}

/** Never throws. `contract` is undefined when nobody here handles the topic. */
export function decode(topic: string, message: RawMessage, contract: EventContract | undefined, now = Date.now()): Decoded {
  const { headers, key } = message;
  const origin = { source: headerText(headers.ce_source), id: headerText(headers.ce_id), time: headerText(headers.ce_time) };
  const eventId = eventIdOf(topic, message, origin);
  const time = Date.parse(origin.time ?? '');
  const inWindow = isInWindow(time, now);
  try {
    const event = parse(topic, message, contract, { ...origin, eventId, at: inWindow ? new Date(time) : undefined });
    return { message, eventId, eventDay: dayOf(time), key: event.data.userId, event, failure: undefined };
  } catch (error) {
    const { code, message: reason } = error instanceof Refused ? error : new Refused('broken', 'cannot be read');
    const day = inWindow ? time : Number(message.timestamp);
    return {
      message,
      eventId,
      eventDay: dayOf(isInWindow(day, now) ? day : now),
      key: key?.toString('latin1') ?? '',
      event: undefined,
      failure: { code, class: 'permanent', reason, attempts: 1 },
    };
  }
}

function parse(
  topic: string,
  { key, value, headers }: RawMessage,
  contract: EventContract | undefined,
  { source, id, time, eventId, at }: Origin & { eventId: string; at: Date | undefined },
): AnyEvent {
  const origin = needed('ce_source', source);
  needed('ce_id', id);
  needed('ce_time', time);
  if (needed('ce_specversion', headerText(headers.ce_specversion)) !== '1.0')
    throw new Refused('envelope_mismatch', 'ce_specversion is not 1.0');
  if (needed('ce_type', headerText(headers.ce_type)) !== topic) throw new Refused('envelope_mismatch', 'ce_type is not the topic');
  if (!contract) throw new Refused('unknown_type', 'nobody here handles this type');
  if (!at) throw new Refused('time_out_of_window', `ce_time is no time between ${INBOX_DAYS} days ago and tomorrow`);
  const data = dataOf(contract, value);
  const owner = data.userId; // its form is the contract's to check: each has the field userId
  if (needed('ce_subject', headerText(headers.ce_subject)) !== owner)
    throw new Refused('envelope_mismatch', 'ce_subject is not data.userId');
  if (!key || textOf(key) !== owner) throw new Refused('envelope_mismatch', 'the key is not data.userId');
  return { id: eventId, type: topic, source: origin, time: at, traceparent: headerText(headers.traceparent), data };
}

function needed(name: string, text: string | undefined): string {
  if (!text) throw new Refused('missing_header', `header ${name} is missing, repeated or not text`);
  return text;
}

function dataOf(contract: EventContract, value: Buffer | null): AnyEvent['data'] {
  const text = value ? textOf(value) : undefined;
  if (text === undefined) throw new Refused('bad_json', 'the body is not text');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refused('bad_json', 'the body is not JSON'); // V8's own message quotes the body
  }
  const result = (contract.tolerant as EventData).safeParse(json);
  if (result.success) return result.data as AnyEvent['data'];
  throw new Refused('schema', faultsOf(contract, result.error.issues));
}

/** CloudEvents ids are unique only within a source; ours are UUIDs and stand for themselves. */
function eventIdOf(topic: string, { partition, offset }: RawMessage, { source, id }: Origin): string {
  if (!id || !source) return uuidv5(`${topic}/${partition}/${offset}`, NAMESPACE);
  if (source !== lastSource.name) lastSource = { name: source, isOurs: OURS.test(source), namespace: uuidv5(source, NAMESPACE) };
  return lastSource.isOurs && isUuid(id) ? id.toLowerCase() : uuidv5(id, lastSource.namespace);
}

let lastSource = { name: '', isOurs: false, namespace: NAMESPACE };

const isInWindow = (time: number, now: number): boolean => time >= now - INBOX_DAYS * DAY_MS && time <= now + DAY_MS;

let lastDay = { number: Number.NaN, text: '' };
/** Remembers the last one: events of a batch are of one day, and writing a date costs more than all else here. */
function dayOf(time: number): string {
  const number = Math.floor(time / DAY_MS);
  if (number !== lastDay.number) lastDay = { number, text: new Date(time).toISOString().slice(0, 10) };
  return lastDay.text;
}
