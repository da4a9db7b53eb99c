import type { Turn } from '../calls/calls.js';
import { continued, nextPlace, type Place, START } from '../cursors.js';
import type { ToolDefinition, ToolName } from '../port.js';
import { answerOf, options } from './client.js';
import { type CoreReader, listed } from './reader.js';
import { toolPage } from './shapes.js';

const NAMES_A_REQUEST = 50;

/** Exact names in chunks, every page of each. A whole toolkit is never asked for: the SDK's own way adds `important` and reads one page. */
export async function readTools(reader: CoreReader, names: readonly ToolName[], turn: Turn): Promise<Map<ToolName, ToolDefinition>> {
  const found = new Map<ToolName, ToolDefinition>();
  for (let from = 0; from < names.length; from += NAMES_A_REQUEST) {
    const asked = { tool_slugs: names.slice(from, from + NAMES_A_REQUEST).join(','), toolkit_versions: 'latest', limit: NAMES_A_REQUEST };
    for (let at: Place | null = START; at; ) {
      const query = { ...asked, ...continued(at) };
      const answer = await reader.read(turn, 'tool', toolPage, (how) => answerOf(reader.client.tools.list(query, options(how))));
      for (const tool of answer.items) found.set(tool.name, tool);
      at = nextPlace(
        at,
        listed(answer, (tool) => tool.name),
      );
    }
  }
  return found;
}
