import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agentName, app, toolName } from '@gatehouse/contracts';
import { z } from 'zod';
import { outputMistakes } from './output.js';

const toolRow = z.strictObject({ app, class: z.enum(['read', 'write', 'destructive']), title: z.string().min(1).max(100) });
export type ToolRow = z.output<typeof toolRow>;
export type ToolClass = ToolRow['class'];

const agentFile = z.strictObject({
  /** What a person reads where they choose an agent. Without a title its name is shown. */
  title: z.string().min(1).max(100).optional(),
  description: z.string().min(1).max(500).optional(),
  model: z.string().min(1),
  instructions: z.string().min(1),
  apps: z.strictObject({ required: z.array(app), optional: z.array(app) }),
  /** Exact names. Absent: every tool of the policy table that belongs to the run's apps. */
  tools: z.array(toolName).optional(),
  /** Write tools that run without a person: an operator's written decision. */
  unattended: z.array(toolName).default([]),
  /** Tools that this agent asks for although their class would not, or never has. Nothing can be loosened here. */
  policy: z.record(toolName, z.enum(['ask', 'never'])).default({}),
  /** The final answer is a JSON object that fits this JSON Schema, or the run fails. */
  output: z.looseObject({ type: z.literal('object') }).optional(),
  temperature: z.number().min(0).max(2).optional(),
  /** Tokens of one answer of the model at the most. */
  maxTokens: z.int().min(1).optional(),
});

type AgentFile = z.output<typeof agentFile>;

export interface Agent extends AgentFile {
  readonly name: string;
}

/** What agents there are, and the policy table: which tools exist for us, of which app and class. */
export interface Agents {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly tools: ReadonlyMap<string, ToolRow>;
}

export const AGENTS = Symbol('Agents');

/** The app's own folder, from its sources as from what was built of them. */
function appFolder(from = import.meta.dirname): string {
  return existsSync(join(from, 'tools.json')) && existsSync(join(from, 'package.json')) ? from : appFolder(dirname(from));
}

/** Reads agents and policy table; one readable error says all that is wrong with them, and the app does not start. */
export function loadAgents(directory = join(appFolder(), 'agents'), toolsFile = join(appFolder(), 'tools.json')): Agents {
  const wrong: string[] = [];
  const tools = new Map(Object.entries(read(toolsFile, z.record(toolName, toolRow), wrong) ?? {}));
  const agents = new Map<string, Agent>();
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.json'))) {
    const name = file.slice(0, -'.json'.length);
    if (!agentName.safeParse(name).success) wrong.push(`${file}: an agent's file has a lower-case name such as "reporter.json"`);
    const agent = read(join(directory, file), agentFile, wrong);
    if (!agent) continue;
    wrong.push(...mistakes(agent, tools).map((mistake) => `${file}: ${mistake}`));
    agents.set(name, { ...agent, name });
  }
  if (!agents.has('default')) wrong.push(`${directory} has no default.json`);
  if (wrong.length) throw new Error(`The agents cannot be used:\n${wrong.map((line) => `  - ${line}`).join('\n')}`);
  return { agents, tools };
}

function mistakes(agent: AgentFile, tools: ReadonlyMap<string, ToolRow>): string[] {
  const offered = (name: string) => !agent.tools || agent.tools.includes(name);
  return [
    ...(agent.tools ?? []).filter((name) => !tools.has(name)).map((name) => `${name} is not in tools.json, so it would never be offered`),
    ...agent.unattended
      .filter((name) => tools.get(name)?.class !== 'write')
      .map((name) => `${name} cannot be unattended: only tools of class "write" can`),
    ...agent.unattended.filter((name) => !offered(name)).map((name) => `${name} is unattended but not among the tools`),
    ...policyMistakes(agent, tools),
    ...(agent.output ? outputMistakes(agent.output) : []),
  ];
}

function policyMistakes(agent: AgentFile, tools: ReadonlyMap<string, ToolRow>): string[] {
  return Object.entries(agent.policy).flatMap(([name, rule]) => [
    ...(tools.has(name) ? [] : [`${name} has a policy but is not in tools.json`]),
    ...(agent.tools && !agent.tools.includes(name) ? [`${name} has a policy but is not among the tools`] : []),
    ...(agent.unattended.includes(name) ? [`${name} is unattended, and its policy says "${rule}": one of the two`] : []),
  ]);
}

function read<T extends z.ZodType>(file: string, schema: T, wrong: string[]): z.output<T> | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
    wrong.push(...parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`));
  } catch (error) {
    wrong.push(`${file}: ${(error as Error).message}`);
  }
  return undefined;
}
