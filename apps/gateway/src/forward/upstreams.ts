import type { AccessKind, AppName } from '@gatehouse/runtime';

export interface Upstream {
  app: Exclude<AppName, 'gateway' | 'sandbox'>;
  for: AccessKind;
  /** The path at the app, as it came but for `/admin/<app>`. */
  path: string;
  /** Pages for a browser: who is signed out is sent to sign in. */
  pages?: boolean;
}
type Rule = Omit<Upstream, 'path'> & { methods?: readonly string[] };

/** Path → the app that owns it. A path is these segments and whatever follows, unless it ends with `$`. All else is not forwarded. */
const rules: Readonly<Record<string, Rule>> = {
  '/v1/apps': { app: 'connections', for: 'user' },
  '/v1/connections': { app: 'connections', for: 'user' },
  '/v1/gate': { app: 'connections', for: 'user' },
  '/connect': { app: 'connections', for: 'user', pages: true },
  '/v1/runs': { app: 'agent-runner', for: 'user' },
  '/v1/approvals': { app: 'agent-runner', for: 'user' },
  '/v1/agents': { app: 'agent-runner', for: 'user' },
  '/v1/tools': { app: 'agent-runner', for: 'user' },
  '/v1/activity': { app: 'agent-runner', for: 'user' },
  '/v1/decisions': { app: 'agent-runner', for: 'user' },
  '/v1/export': { app: 'agent-runner', for: 'user' },
  '/v1/inbox': { app: 'notifier', for: 'user' },
  '/v1/preferences': { app: 'notifier', for: 'user' },
  '/v1/users': { app: 'identity', for: 'product' },
  '/v1/me': { app: 'identity', for: 'user' },
  // Of identity's sign-in routes those that hand out no session: sign-in itself is the gateway's.
  '/auth/sign-up/email$': { app: 'identity', for: 'anyone', methods: ['POST'] },
  '/auth/verify-email$': { app: 'identity', for: 'anyone', methods: ['POST'] },
  '/auth/send-verification-email$': { app: 'identity', for: 'anyone', methods: ['POST'] },
  '/auth/request-password-reset$': { app: 'identity', for: 'anyone', methods: ['POST'] },
  '/auth/reset-password$': { app: 'identity', for: 'anyone', methods: ['POST'] },
  '/auth/verify$': { app: 'identity', for: 'anyone', methods: ['GET'] },
  '/auth/reset$': { app: 'identity', for: 'anyone', methods: ['GET'] },
  '/auth/jwks$': { app: 'identity', for: 'anyone', methods: ['GET'] },
  // A click in somebody's mail program: the link says whose.
  '/unsubscribe$': { app: 'notifier', for: 'anyone', methods: ['GET', 'POST'] },
  '/webhooks/composio$': { app: 'auditor', for: 'anyone', methods: ['POST'] },
};
const ADMIN = /^\/admin\/(identity|connections|agent-runner|auditor|notifier)(\/.*)$/;

/** Where a request goes; undefined when nobody owns it. Paths that servers read in different ways (`..`, `//`, `\`) are nobody's. */
export function upstreamOf(method: string, path: string): Upstream | undefined {
  if (!/^\/[!-~]*$/.test(path) || /\/\/|\\|(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path)) return undefined;
  const [, adminApp, below] = ADMIN.exec(path) ?? [];
  if (adminApp && below) return { app: adminApp as Upstream['app'], for: 'operator', path: `/admin${below}` };
  const rule = ruleOf(path);
  if (!rule || (rule.methods && !rule.methods.includes(method))) return undefined;
  const { app, for: kind, pages = false } = rule;
  return { app, for: kind, path, pages };
}

function ruleOf(path: string): Rule | undefined {
  const exact = rules[`${path}$`];
  if (exact) return exact;
  const segments = path.split('/');
  for (let count = 3; count > 1; count -= 1) {
    const rule = rules[segments.slice(0, count).join('/')];
    if (rule) return rule;
  }
  return undefined;
}
