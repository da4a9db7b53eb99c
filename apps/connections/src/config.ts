import { composioEnv } from '@gatehouse/composio';
import { messagingEnv } from '@gatehouse/messaging';
import { databaseEnv } from '@gatehouse/persistence';
import { readEnv } from '@gatehouse/runtime';
import { z } from 'zod';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

export const config = readEnv('connections', {
  ...databaseEnv,
  ...messagingEnv,
  ...composioEnv,
  /** The Composio project has our verifier URL (PUBLIC_URL/connect/verify), so that who returns is proven to be who left. */
  CONNECT_VERIFIER: flag,
  /** Development only: activates what Composio calls ACTIVE without proof of who came back. */
  CONNECT_UNVERIFIED: flag,
  /** Off: the workers do nothing by themselves, a test moves them. */
  SCHEDULE: z.enum(['on', 'off']).default('on'),
});

if (config.NODE_ENV === 'production' && config.CONNECT_UNVERIFIED) {
  process.stderr.write(
    'CONNECT_UNVERIFIED is for development: with it, whoever opens a connect link becomes the account of the one who made it.\n',
  );
  process.exit(2);
}
