import { OPTIONS, type OptionHelp } from './arguments.js';
import { COMMANDS, type Command } from './commands.js';

const RULES = `Databases: <SERVICE>_DATABASE_URL (IDENTITY_…, CONNECTIONS_…, AGENT_RUNNER_…, AUDITOR_…, NOTIFIER_DATABASE_URL, or …_FILE) for each service;
without any, DATABASE_URL of the one whose container this is. In a checkout, "npm run gatehouse" names those of "npm start" by itself.
"drift" asks the auditor by the gateway instead: GATEHOUSE_URL and GATEHOUSE_OPERATOR_KEY (or …_FILE).
Exit codes: 0 done, 1 it could not be done, 2 it was asked wrongly.`;

const row = (name: string, text: string) => `  ${name.padEnd(20)} ${text}`;

export function help(): string {
  const nouns = Object.entries(COMMANDS).map(([noun, { about, verbs }]) =>
    row(noun, [about, Object.keys(verbs).join(', ')].filter(Boolean).join(': ')),
  );
  return [
    'gatehouse: the operator’s command line.',
    '',
    '  gatehouse <what> <deed> [options]',
    '',
    ...nouns,
    '',
    RULES,
    '--help on each level says more.',
  ].join('\n');
}

export function nounHelp(noun: string): string {
  const { about, verbs } = COMMANDS[noun] ?? { about: '', verbs: {} };
  const rows = Object.entries(verbs).map(([verb, { does }]) => row(verb, does));
  return [`gatehouse ${noun}: ${about}.`, '', ...rows, '', `gatehouse ${noun} <deed> --help says more.`].join('\n');
}

export function commandHelp(name: string, { does, options }: Command): string {
  const rows = options.map((name) => {
    const { value, says }: OptionHelp = OPTIONS[name];
    return row(`--${name}${value ? ` <${value}>` : ''}`, says);
  });
  return [`gatehouse ${name}: ${does}.`, '', ...rows].join('\n');
}
