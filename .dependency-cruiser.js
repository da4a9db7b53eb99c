const source = '^(apps|packages|infra)/[^/]+/(src|migrations)/';
const tests = '\\.test\\.ts$|/test/';
const inside = '^apps/[^/]+/src/';
const door = '\\.(controller|consumer|worker)\\.ts$';
const framework = '(^|/)(main|migrate|config|database|app\\.module)\\.ts$';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const ours = (names) => `^(packages|infra)/(${names.join('|')})/`;
const npm = (names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

/** style.md in rules: who may depend on whom. Each rule's comment is the sentence a person reads when it is broken. */
export default {
  forbidden: [
    rule(
      'app-imports-app',
      'An app imports no app: ask it over HTTP, or listen to what it tells.',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule('package-imports-app', 'A package imports no app: apps depend on packages.', { path: '^(packages|infra)/' }, { path: '^apps/' }),
    rule(
      'contracts-stand-alone',
      'Contracts import zod only (what generates documents from them also zod-openapi), for everybody depends on them.',
      { path: '^packages/contracts/src/', pathNot: tests },
      { pathNot: ['^packages/contracts/src/', npm(['zod', 'zod-openapi']), '^(node:|fs$|path$)'] },
    ),
    rule(
      'runtime-and-composio-stand-alone',
      'runtime and composio import nothing of ours.',
      { path: '^packages/(runtime|composio)/src/', pathNot: tests },
      { path: ours(['contracts', 'persistence', 'messaging', 'testing', 'e2e', 'local']) },
    ),
    rule(
      'persistence-below-messaging',
      'persistence imports runtime and nothing else of ours: messaging builds on it.',
      { path: '^packages/persistence/src/', pathNot: tests },
      { path: ours(['contracts', 'composio', 'messaging', 'switches', 'testing', 'e2e', 'local']) },
    ),
    rule(
      'switches-below-messaging',
      'switches imports contracts, persistence and runtime, nothing else of ours: messaging has its command line.',
      { path: '^packages/switches/src/', pathNot: tests },
      { path: ours(['composio', 'messaging', 'testing', 'e2e', 'local']) },
    ),
    rule(
      'messaging-knows-no-provider',
      'messaging imports contracts, persistence, runtime and switches, nothing else of ours.',
      { path: '^packages/messaging/src/', pathNot: tests },
      { path: ours(['composio', 'testing', 'e2e', 'local']) },
    ),
    rule(
      'sandbox-shares-nothing',
      'The sandbox imports runtime only: a fake that shares our code agrees with our mistakes.',
      { path: '^apps/sandbox/src/', pathNot: tests },
      { path: ours(['contracts', 'persistence', 'messaging', 'composio', 'testing', 'e2e', 'local']) },
    ),
    rule(
      'pages-know-contracts-only',
      'Pages run in a browser: web and react import contracts (and web react), nothing else of ours.',
      { path: '^(apps/web|packages/react)/src/', pathNot: tests },
      { path: ours(['runtime', 'persistence', 'messaging', 'composio', 'switches', 'testing', 'e2e', 'local']) },
    ),
    rule(
      'pages-are-for-browsers',
      'react is for pages: no service imports it.',
      { path: '^(apps|packages|infra)/', pathNot: '^(apps/web|packages/react)/' },
      { path: ours(['react']) },
    ),
    rule(
      'composio-for-three',
      'Only connections, agent-runner and auditor talk to Composio.',
      { path: '^apps/', pathNot: ['^apps/(connections|agent-runner|auditor)/', tests] },
      { path: ours(['composio']) },
    ),
    rule(
      'testing-in-tests',
      'testing and e2e are imported by tests only.',
      { path: source, pathNot: [tests, '^packages/(testing|e2e)/'] },
      { path: ours(['testing', 'e2e']) },
    ),
    rule(
      'local-is-a-tool',
      'infra/local starts things: services do not import it.',
      { path: '^(apps|packages)/', pathNot: [tests, '^packages/(testing|e2e)/'] },
      { path: '^infra/' },
    ),
    rule(
      'one-kafka-driver',
      'The Kafka driver is imported in messaging/src/kafka only, so that it can be replaced; the local tools and e2e have their own plain client.',
      { path: '^(apps|packages)/', pathNot: ['^packages/messaging/src/kafka/', '^packages/e2e/', tests] },
      { path: npm(['kafkajs']) },
    ),
    rule(
      'one-composio-client',
      "Composio's SDKs are imported in packages/composio only: it guards whose account is used.",
      { path: '^(apps|packages)/', pathNot: ['^packages/composio/', tests] },
      { path: npm(['composio-core', '@composio/core', '@composio/client']) },
    ),
    rule(
      'langchain-in-the-runner',
      'LangChain is imported in agent-runner only; the bench compares with a graph of its own.',
      { path: '^(apps|packages)/', pathNot: ['^apps/agent-runner/', '^packages/e2e/src/bench/sides/graph\\.ts$'] },
      { path: npm(['@langchain/[^/]+', 'langchain']) },
    ),
    rule(
      'entities-know-no-deeds',
      'An entity imports entities and pure functions, never a use case or a door: it is at the bottom.',
      { path: `${inside}.*\\.entity\\.ts$` },
      { path: door },
    ),
    rule(
      'deeds-know-no-doors',
      'A use case imports no door: doors call use cases.',
      { path: inside, pathNot: [door, framework, tests, '\\.(module|guard)\\.ts$', '^apps/(gateway|sandbox)/'] },
      { path: door },
    ),
    rule(
      'doors-do-not-meet',
      'Doors do not import each other: what they share is a use case.',
      { path: `${inside}.*${door}`, pathNot: '^apps/(gateway|sandbox)/' },
      { path: `${inside}.*${door}` },
    ),
    rule(
      'no-cycle',
      'A cycle: take what both need into a third file.',
      { path: source },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'declared',
      'Not in the package.json of the one who imports it: it is there by chance.',
      { path: source, pathNot: tests },
      { dependencyTypes: ['npm-no-pkg', 'unknown'], pathNot: npm(['jest-environment-node', '@jest/[^/]+']) },
    ),
    rule('resolvable', 'Nothing is found under this name.', { path: source, pathNot: '\\.(js|d\\.ts)$' }, { couldNotResolve: true }),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/coverage/', '\\.data/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      mainFields: ['module', 'main'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
