import { pathOf } from './path-of.js';

it.each([
  ['https://gatehouse.example/settings/integrations/slack', '/settings/integrations/slack'],
  ['https://evil.example/runs/1?x=2', '/runs/1?x=2'],
  ['https://evil.example//evil.example/x', '/evil.example/x'],
])('%s leads to %s of our own', (link, path) => expect(pathOf(link)).toBe(path));
