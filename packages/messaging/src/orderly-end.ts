import type { KafkaDriver } from './kafka/driver.js';

/** For leaving groups and finishing batches; all of a stop takes 5 s at most. */
const ORDERLY_MS = 2500;

/**
 * Waits for what ends in order, and closes the driver. While the broker is away some of it would wait for longer than a process is given
 * to stop: after 2.5 s the driver is closed first, which makes those calls fail.
 */
export async function orderlyEnd(work: Promise<unknown>, driver: Pick<KafkaDriver, 'close'>): Promise<void> {
  const ended = work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ORDERLY_MS);
  });
  await Promise.race([ended, late]);
  clearTimeout(timer);
  await driver.close().catch(() => undefined);
  await ended;
}
