import { Ajv, type ValidateFunction } from 'ajv';
import { OwnerMismatch } from '../errors.js';
import type { App, ToolDefinition, ToolName } from '../port.js';
import { isFileArgument } from './definition.js';

const AT_MOST = 5_000;

interface Known {
  app: App;
  takesFiles: boolean;
  fits: ValidateFunction | null;
}

/** What this process has read about tools, the same for every user. Lets `executeTool` check a call without asking anybody. */
export class KnownTools {
  private readonly tools = new Map<ToolName, Known>();
  // Composio's schemas carry words of their own; formats are hints there, not promises.
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  private remember(definition: ToolDefinition): void {
    const known = { app: definition.app, takesFiles: definition.takesFiles, fits: this.compile(definition.parameters) };
    this.tools.delete(definition.name);
    this.tools.set(definition.name, known);
    const oldest = this.tools.keys().next().value;
    if (this.tools.size > AT_MOST && oldest !== undefined) this.tools.delete(oldest);
  }

  /** Remembers what was found and puts it in the order asked for. Rows that nobody asked for are not passed on. */
  answer(names: readonly ToolName[], found: ReadonlyMap<ToolName, ToolDefinition>): { tools: ToolDefinition[]; missing: ToolName[] } {
    const asked = [...new Set(names)];
    const tools = asked.flatMap((name) => found.get(name) ?? []);
    for (const tool of tools) this.remember(tool);
    return { tools, missing: asked.filter((name) => !found.has(name)) };
  }

  /** Throws `OwnerMismatch` when a tool of one app would run on an account of another. A tool not read yet is judged by its name. */
  checkApp(tool: ToolName, app: App): void {
    const known = this.tools.get(tool);
    const prefix = `${app.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_`;
    if (known ? known.app !== app : !tool.startsWith(prefix)) throw new OwnerMismatch('This tool is not of the app of this account');
  }

  /** `null` when nothing speaks against it, else a sentence without any of the values. */
  objection(tool: ToolName, cleaned: Record<string, unknown>): string | null {
    const known = this.tools.get(tool);
    if (!known) return null;
    if (known.takesFiles) return 'This tool takes files, which is not offered';
    if (!known.fits || known.fits(cleaned)) return null;
    const problems = known.fits.errors?.map((error) => `${error.instancePath || '(arguments)'} ${error.message ?? 'does not fit'}`) ?? [];
    return `The arguments do not fit the tool: ${[...new Set(problems)].slice(0, 10).join('; ')}`;
  }

  private compile(schema: object): ValidateFunction | null {
    try {
      const { $id: _, $schema: __, ...plain } = schema as Record<string, unknown>; // a repeated $id would be refused
      return this.ajv.compile(plain);
    } catch {
      return null; // a schema that ajv cannot read checks nothing; Composio checks again
    }
  }
}

/** A copy of the arguments without the keys that older Composio code takes for files, at every depth and in every letter case. */
export function cleaned(given: Record<string, unknown>): Record<string, unknown> {
  return clean(given) as Record<string, unknown>;
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !isFileArgument(key))
      .map(([key, inner]) => [key, clean(inner)]),
  );
}
