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

  it('may be made stricter by their policy, never looser, and never in contradiction to themselves', () => {
    const bad = folder({
      'default.json': { ...agent, policy: { SLACK_LIST_CHANNELS: 'ask', SLACK_SEND_MESSAGE: 'never' } },
      'loose.json': { ...agent, policy: { SLACK_SEND_MESSAGE: 'allow' } },
      'lost.json': { ...agent, tools: ['SLACK_LIST_CHANNELS'], policy: { SLACK_DO_ANYTHING: 'ask', SLACK_SEND_MESSAGE: 'ask' } },
      'torn.json': { ...agent, unattended: ['SLACK_SEND_MESSAGE'], policy: { SLACK_SEND_MESSAGE: 'ask' } },
    });
    const said = () => loadAgents(bad);
    expect(said).toThrow(/loose\.json: policy\.SLACK_SEND_MESSAGE/);
    expect(said).toThrow(/SLACK_DO_ANYTHING has a policy but is not in tools\.json/);
    expect(said).toThrow(/SLACK_SEND_MESSAGE has a policy but is not among the tools/);
    expect(said).toThrow(/torn\.json: SLACK_SEND_MESSAGE is unattended, and its policy says "ask"/);
    expect(said).not.toThrow(/default\.json/);
  });

  it('cannot ask for answers by a schema that is none', () => {
    const bad = folder({
      'default.json': { ...agent, output: { type: 'object', required: ['total'], properties: { total: { type: 'number' } } } },
      'odd.json': { ...agent, output: { type: 'object', properties: { total: { type: 'euros' } } } },
      'list.json': { ...agent, output: { type: 'array' } },
    });
    expect(() => loadAgents(bad)).toThrow(/odd\.json: output is no JSON Schema/);
    expect(() => loadAgents(bad)).toThrow(/list\.json: output\.type/);
    expect(() => loadAgents(bad)).not.toThrow(/default\.json/);
  });
});
