import { OwnerMismatch } from '../errors.js';
import type { ToolDefinition } from '../port.js';
import { hintsOf, takesFiles } from './definition.js';
import { cleaned, KnownTools } from './known-tools.js';

const aTool = (more: Partial<ToolDefinition> = {}): ToolDefinition => ({
  name: 'SLACK_SEND_MESSAGE',
  app: 'slack',
  version: '1',
  description: '',
  parameters: { type: 'object', properties: { channel: { type: 'string' } }, required: ['channel'] },
  hints: hintsOf([]),
  deprecated: false,
  takesFiles: false,
  ...more,
});
const knowing = (tool: ToolDefinition) => {
  const known = new KnownTools();
  known.answer([tool.name], new Map([[tool.name, tool]]));
  return known;
};

describe('arguments', () => {
  it('lose what the older SDK takes for files, at every depth and in every letter case, and nothing else', () => {
    const given = {
      file_schema_parsed_file: '/etc/passwd',
      a: [{ X_Schema_Parsed_FILE: 1, keep: 1 }],
      b: { c: { d_SCHEMA_PARSED_FILE: 'x', e: null } },
      text: 'schema_parsed_file',
    };
    expect(cleaned(given)).toEqual({ a: [{ keep: 1 }], b: { c: { e: null } }, text: 'schema_parsed_file' });
  });

  it('that do not fit are refused in words without their values', () => {
    const objection = knowing(aTool()).objection('SLACK_SEND_MESSAGE', { channel: { secret: 'xoxb-1' } });
    expect(objection).toBe('The arguments do not fit the tool: /channel must be string');
    expect(knowing(aTool()).objection('SLACK_SEND_MESSAGE', { channel: 'c' })).toBeNull();
  });

  it('of a tool that takes files are refused', () => {
    expect(knowing(aTool({ takesFiles: true })).objection('SLACK_SEND_MESSAGE', { channel: 'c' })).toMatch('files');
    expect(takesFiles({ properties: { list: { items: { anyOf: [{ file_uploadable: true }] } } } })).toBe(true);
    expect(takesFiles({ properties: { a: { file_uploadable: false } } })).toBe(false);
  });
});

describe('a tool', () => {
  it('runs on accounts of its own app only, whether its definition was read or not', () => {
    expect(() => new KnownTools().checkApp('SLACK_SEND_MESSAGE', 'gmail')).toThrow(OwnerMismatch);
    expect(() => new KnownTools().checkApp('SLACK_SEND_MESSAGE', 'slack')).not.toThrow();
    expect(() => new KnownTools().checkApp('SLACKBOT_SEND', 'slack')).toThrow(OwnerMismatch);
    expect(() => knowing(aTool({ app: 'slackbot' })).checkApp('SLACK_SEND_MESSAGE', 'slack')).toThrow(OwnerMismatch);
  });

  it('without a hint about its effects is unknown, not harmless', () => {
    expect(hintsOf(['openWorldHint', 'important']).known).toBe(false);
    expect(hintsOf(['readOnlyHint', 'destructiveHint'])).toMatchObject({ readOnly: false, destructive: true, known: true });
  });
});
