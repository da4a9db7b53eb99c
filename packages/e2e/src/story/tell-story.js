import { randomUUID } from 'node:crypto';
import { Provider } from '../provider.js';
import { Upstream } from '../upstream.js';
import { Watcher } from '../watcher.js';
import { blocked, expiry, firstConnection, garbage, people, reconnection, unattended } from './chapters.js';
import { productUser } from './stage.js';
/**
 * Plays the main story through the public doors only, and says each step as a person would tell it. Throws at the first step that does not hold.
 * The gateway must trust `issuer`; the sweep must come every few seconds; e-mails must not be gathered (`DIGEST_MINUTES=0`).
 */
export async function tellStory({ gateway, sandbox, brokers }, issuer, tell) {
  const upstream = await Upstream.connect(brokers);
  const watcher = await Watcher.start(brokers);
  const ana = productUser(gateway, issuer, `ana-${randomUUID()}`, 'Ana');
  const ben = productUser(gateway, issuer, `ben-${randomUUID()}`, 'Ben');
  const stage = { gateway, upstream, watcher, issuer, provider: new Provider(sandbox), ana, ben, tell };
  try {
    await people(stage);
    const waiting = await blocked(stage);
    const slack = await firstConnection(stage, waiting);
    await unattended(stage);
    await expiry(stage, slack);
    await reconnection(stage, slack);
    await garbage(stage);
  } finally {
    await upstream.close();
    await watcher.stop();
  }
}
//# sourceMappingURL=tell-story.js.map
