import { Counter, Gauge } from 'prom-client';

export const counters = {
  events: new Counter({
    name: 'messaging_events_total',
    help: 'Events taken in, by what became of them: done, repeated, dead, parked.',
    labelNames: ['topic', 'outcome'],
  }),
  sent: new Counter({ name: 'messaging_sent_total', help: 'Events that the broker acknowledged.', labelNames: ['topic'] }),
  sendFailures: new Counter({ name: 'messaging_send_failures_total', help: 'Batches that the relay has to send again.' }),
};

/** Counts of rows end here: "10000" is that or more. Nobody needs to know it better, and counting on would cost more with every row. */
export const COUNTED = 10_000;

/** Measured every 15 seconds, whoever asks how often. */
export const gauges = {
  outboxAge: new Gauge({ name: 'messaging_outbox_age_seconds', help: 'Age of the oldest event that waits to be sent.' }),
  stuck: new Gauge({ name: 'messaging_outbox_stuck', help: `Events that the broker refuses; each holds up its key. At most ${COUNTED}.` }),
  parkedKeys: new Gauge({ name: 'messaging_parked_keys', help: `Keys whose events wait for a retry. At most ${COUNTED}.` }),
  parkedEvents: new Gauge({ name: 'messaging_parked_events', help: `Events that wait behind a parked key. At most ${COUNTED}.` }),
  deadLetters: new Gauge({ name: 'messaging_dead_letters', help: `Dead letters that are kept. At most ${COUNTED}.` }),
  inboxDays: new Gauge({
    name: 'messaging_inbox_days_ahead',
    help: 'Days from today that the inbox has partitions for. At 0 nothing is consumed.',
  }),
  gateClosed: new Gauge({ name: 'messaging_gate_closed', help: '1 while consumption is paused.', labelNames: ['gate'] }),
  lag: new Gauge({
    name: 'messaging_consumer_lag',
    help: 'Unread events of the whole group: the same at every replica.',
    labelNames: ['topic'],
  }),
  lagAge: new Gauge({
    name: 'messaging_consumer_lag_seconds',
    help: 'For how long the oldest unread event has waited, at least; counted from the start of this process.',
    labelNames: ['topic'],
  }),
};
