import { parse } from './arguments.js';
import { COMMANDS, type Command, type Desk } from './commands.js';
import { addressesIn, chosen } from './databases.js';
import { commandHelp, help, nounHelp } from './help.js';
import { Failed, Usage } from './usage.js';

type Terminal = Pick<Desk, 'print' | 'printBytes' | 'complain'>;

/** Does what the arguments say and gives back the exit code: 0 done, 1 it could not be done, 2 it was asked wrongly. */
export async function gatehouse(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  try {
    return await run(args, env, terminal);
  } catch (error) {
    if (!(error instanceof Usage || error instanceof Failed)) throw error;
    terminal.complain(error.message);
    if (error instanceof Failed) return 1;
    terminal.complain(
      `See: gatehouse ${args
        .filter((arg) => /^[a-z][a-z-]*$/.test(arg))
        .slice(0, 2)
        .filter(known)
        .join(' ')} --help`.replace('  ', ' '),
    );
    return 2;
  }
}

async function run(args: readonly string[], env: Readonly<Record<string, string | undefined>>, terminal: Terminal): Promise<number> {
  const [noun, verb, ...rest] = args;
  const asksHelp = (word: string | undefined) => word === '--help' || word === '-h' || word === 'help';
  if (noun === undefined) throw new Usage('Say what you want to look after.');
  if (asksHelp(noun)) return say(terminal, help());
  const { verbs, alone } = (Object.hasOwn(COMMANDS, noun) && COMMANDS[noun]) || {};
  if (alone) return obey({ name: noun, command: alone, options: args.slice(1) }, env, terminal);
  if (!verbs) throw new Usage(`There is no "${noun}": ${Object.keys(COMMANDS).join(', ')}.`);
  if (asksHelp(verb)) return say(terminal, nounHelp(noun));
  const command = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (verb === undefined || !command)
    throw new Usage(`${verb === undefined ? 'Say what to do' : `${noun} knows no "${verb}"`}: ${Object.keys(verbs).join(', ')}.`);
  return obey({ name: `${noun} ${verb}`, command, options: rest }, env, terminal);
}

async function obey(
  { name, command, options }: { name: string; command: Command; options: readonly string[] },
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const wish = parse(options, command.options, env);
  if (wish.help) return say(terminal, commandHelp(name, command));
  const addresses = command.asks === 'gateway' ? [] : chosen(addressesIn(env), wish.consumer);
  return command.run({ wish, addresses, env, ...terminal });
}

function say({ print }: Terminal, text: string): number {
  print(text);
  return 0;
}

const known = (word: string, index: number, [noun = '']: string[]): boolean =>
  index === 0 ? Object.hasOwn(COMMANDS, word) : Object.hasOwn(COMMANDS[noun]?.verbs ?? {}, word);
