import type { AgentView } from '@gatehouse/contracts';
import { Access } from '@gatehouse/runtime';
import { Controller, Get, Inject } from '@nestjs/common';
import { AGENTS, type Agent, type Agents } from './agents.js';

@Access('user')
@Controller('v1/agents')
export class AgentsController {
  constructor(@Inject(AGENTS) private readonly known: Agents) {}

  /** They change only with a new start of the app, so there are no pages. */
  @Get()
  list(): { data: AgentView[] } {
    return { data: [...this.known.agents.values()].map((agent) => this.present(agent)) };
  }

  /** Without model and instructions, which are the operator's. */
  private present({ name, title, description, apps, tools, policy, unattended }: Agent): AgentView {
    const offered = (tools ?? [...this.known.tools.keys()]).filter((tool) => policy[tool] !== 'never');
    return {
      name,
      title: title ?? name,
      description: description ?? null,
      apps,
      tools: offered.flatMap((tool) => {
        const row = this.known.tools.get(tool);
        return row ? [{ name: tool, ...row, unattended: unattended.includes(tool) }] : [];
      }),
    };
  }
}
