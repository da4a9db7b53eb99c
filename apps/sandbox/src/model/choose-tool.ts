import type { OfferedTool } from './chat.js';
import { type Clause, type Deed, singular } from './clauses.js';
import { type Filled, fillArguments } from './fill-arguments.js';

const DEED_OF: Record<string, Deed> = {
  ...named('send', 'send post reply'),
  ...named('create', 'create add draft invite upload insert'),
  ...named('update', 'update edit modify'),
  ...named('delete', 'delete remove archive trash'),
  ...named('read', 'list fetch get find search test read retrieve'),
};

export interface Step {
  clause: Clause;
  /** null: none of the offered tools does this. */
  tool: OfferedTool | null;
  arguments: Record<string, unknown>;
  missing: string[];
}

/** They are in names, too, and say nothing. */
const FILLERS = new Set('a an and at by for from in is it me my of on or please that the this to with'.split(' '));
const ENOUGH = 3;
const POINTS = { app: 4, nameWord: 3, descriptionWord: 1, factUsed: 2, factUnused: -2, missing: -4 };

/** Compares the words of the clause with the tools' names, descriptions and parameters. It never takes a tool of another kind of deed. */
export function chooseTool(clause: Clause, offered: OfferedTool[]): Step {
  const apps = new Set(offered.map(({ name }) => wordsOf(name)[0] ?? ''));
  const wanted = [...clause.words].filter((word) => apps.has(word));
  const rated = offered
    .filter((tool) => clause.deeds.includes(deedOf(tool) ?? ('none' as Deed)))
    .filter((tool) => wanted.length === 0 || wanted.includes(wordsOf(tool.name)[0] ?? ''))
    .map((tool) => rate(tool, clause, wanted.length > 0))
    .sort((one, other) => other.points - one.points);
  const [best] = rated;
  if (!best || best.points < ENOUGH) return { clause, tool: null, arguments: {}, missing: [] };
  return { clause, tool: best.tool, arguments: best.filled.arguments, missing: best.filled.missing };
}

function rate(tool: OfferedTool, clause: Clause, appNamed: boolean): { tool: OfferedTool; filled: Filled; points: number } {
  const filled = fillArguments(tool, clause);
  const name = new Set(wordsOf(tool.name).slice(1));
  const description = new Set(wordsOf(tool.description ?? ''));
  let points = appNamed ? POINTS.app : 0;
  for (const word of clause.words) {
    if (FILLERS.has(word)) continue;
    if (name.has(word)) points += POINTS.nameWord;
    else if (word.length > 3 && description.has(word)) points += POINTS.descriptionWord;
  }
  points += filled.used * POINTS.factUsed + filled.unused * POINTS.factUnused + filled.missing.length * POINTS.missing;
  return { tool, filled, points };
}

/** By the first word of the name that is a verb we know. */
function deedOf({ name }: OfferedTool): Deed | undefined {
  return wordsOf(name)
    .slice(1)
    .map((word) => DEED_OF[word])
    .find((deed) => deed !== undefined);
}

const wordsOf = (text: string): string[] => (text.toLowerCase().match(/[a-z]+/g) ?? []).map(singular);

function named(deed: Deed, verbs: string): Record<string, Deed> {
  return Object.fromEntries(verbs.split(' ').map((verb) => [verb, deed]));
}
