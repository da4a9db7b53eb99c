import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LIMIT_BYTES = 25_000;
const weigh = fileURLToPath(new URL('weigh.ts', import.meta.url));

describe('the hooks', () => {
  it('add at most 25 kB of compressed script to a host that has React and TanStack Query, and need neither Mantine nor react-intl', () => {
    const { bytes, imports } = JSON.parse(execFileSync(process.execPath, [weigh], { encoding: 'utf8' })) as {
      bytes: number;
      imports: string[];
    };
    expect(bytes).toBeGreaterThan(3_000);
    expect(bytes).toBeLessThan(LIMIT_BYTES);
    expect(imports.filter((id) => !/^react(\/|$)/.test(id))).toEqual(['@tanstack/react-query']);
  });
});
