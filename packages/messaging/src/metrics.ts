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

export const gauges = {
  outboxAge: new Gauge({ name: 'messaging_outbox_age_seconds', help: 'Age of the oldest event that waits to be sent.' }),
  stuck: new Gauge({ name: 'messaging_outbox_stuck', help: 'Events that the broker refuses; each holds up its key.' }),
  parkedKeys: new Gauge({ name: 'messaging_parked_keys', help: 'Keys whose events wait for a retry.' }),
  deadLetters: new Gauge({ name: 'messaging_dead_letters', help: 'Dead letters that are kept.' }),
  gateClosed: new Gauge({ name: 'messaging_gate_closed', help: '1 while consumption is paused.', labelNames: ['gate'] }),
};
