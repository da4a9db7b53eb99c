import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAgents } from './agents.js';

const agent = { model: 'm', instructions: 'do', apps: { required: [], optional: [] } };

function folder(files: Record<string, unknown>): string {
  const path = mkdtempSync(join(tmpdir(), 'agents-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), JSON.stringify(content));
  return path;
}

describe('the agents', () => {
  it('that come with the app are fit for use', () => {
    const { agents, tools } = loadAgents();
    expect(agents.get('default')?.unattended).toEqual([]);
    expect(agents.get('reporter')?.unattended).toEqual(['GMAIL_SEND_EMAIL', 'GITHUB_CREATE_AN_ISSUE']);
    expect(tools.get('SLACK_SEND_MESSAGE')).toMatchObject({ app: 'slack', class: 'write' });
  });

  it('cannot be used while anything is wrong with them, and all of it is said at once', () => {
    const bad = folder({
      'eager.json': { ...agent, unattended: ['SLACK_DELETE_A_MESSAGE'] },
      'lost.json': { ...agent, tools: ['SLACK_DO_ANYTHING'], unattended: ['SLACK_SEND_MESSAGE'] },
      'odd.json': { ...agent, modle: 'm' },
    });
    const said = () => loadAgents(bad);
    expect(said).toThrow(/SLACK_DELETE_A_MESSAGE cannot be unattended/);
    expect(said).toThrow(/SLACK_DO_ANYTHING is not in tools\.json/);
    expect(said).toThrow(/SLACK_SEND_MESSAGE is unattended but not among the tools/);
    expect(said).toThrow(/modle/);
    expect(said).toThrow(/has no default\.json/);
  });
});
