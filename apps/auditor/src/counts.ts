import { Counter, Gauge } from '@gatehouse/runtime';

export const asked = new Counter({
  name: 'auditor_provider_calls_total',
  help: 'Questions put to Composio, by the work that asked; repeats of a failed read are not counted.',
  labelNames: ['work'] as const,
});

export const webhooks = new Counter({
  name: 'auditor_webhooks_total',
  help: 'Webhooks by what became of them: watched, unwatched (of an account that is none of ours), repeated, other_type, refused.',
  labelNames: ['outcome'] as const,
});

export const drifted = new Gauge({
  name: 'auditor_drift',
  help: 'What the last full reconciliation found, by kind. Set by the replica that closed it.',
  labelNames: ['kind'] as const,
});
