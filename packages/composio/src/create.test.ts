import { z } from 'zod';
import { createComposioAudit } from './audit.js';
import { composioEnv } from './config.js';
import { createComposio } from './create.js';
import { Misconfigured } from './errors.js';

const environment = { COMPOSIO_API_KEY: 'k', TELEMETRY_DISABLED: 'true' };

describe('the driver', () => {
  const before = process.env.TELEMETRY_DISABLED;
  afterEach(() => {
    process.env.TELEMETRY_DISABLED = before;
  });

  it.each(['core', 'legacy'])('%s does not start while its SDK would report to others', async (COMPOSIO_DRIVER) => {
    const config = z.object(composioEnv).parse({ ...environment, COMPOSIO_DRIVER });
    process.env.TELEMETRY_DISABLED = 'false';
    await expect(createComposio(config)).rejects.toThrow(Misconfigured);
    await expect(createComposioAudit(config)).rejects.toThrow(Misconfigured);
  });

  it('for an app cannot list the accounts of everybody', async () => {
    process.env.TELEMETRY_DISABLED = 'true';
    const port = await createComposio(z.object(composioEnv).parse(environment));
    expect('listEveryAccount' in port).toBe(false);
  });

  it('is configured by readable rules', () => {
    const bad = z.object(composioEnv).safeParse({ COMPOSIO_DRIVER: 'v4', COMPOSIO_AUTH_CONFIGS: 'slack', TELEMETRY_DISABLED: '1' });
    expect(bad.error?.issues.map(({ path }) => path[0])).toEqual([
      'COMPOSIO_DRIVER',
      'COMPOSIO_API_KEY',
      'COMPOSIO_AUTH_CONFIGS',
      'TELEMETRY_DISABLED',
    ]);
    expect(z.object(composioEnv).safeParse({ ...environment, COMPOSIO_BASE_URL: 'https://backend.composio.dev/api/v3.1' }).success).toBe(
      false,
    );
    const good = z.object(composioEnv).parse({ ...environment, COMPOSIO_AUTH_CONFIGS: 'slack=ac_1,gmail=ac_2' });
    expect(good.COMPOSIO_AUTH_CONFIGS?.get('gmail')).toBe('ac_2');
  });
});
