import { setTimeout as pause } from 'node:timers/promises';
import { ENTITY_CREATED } from './broker.js';
import { holdRelay } from './intake.js';
import type { Lab } from './lab.js';
import type { Sizes } from './sizes.js';

const WARM = 0.2;

/** Events a second that the connections service sends from a full outbox; one figure a round. The broker's own times of the records count. */
export async function measureRelay(lab: Lab, { rounds, relayRows }: Sizes, tell: (line: string) => void): Promise<number[]> {
  const found: number[] = [];
  await holdRelay(lab, true);
  lab.service('connections');
  await lab.ready('connections');
  for (let round = 0; round < rounds; round++) {
    await fill(lab, relayRows);
    const from = await lab.broker.ends(ENTITY_CREATED);
    const target = (await lab.broker.total(ENTITY_CREATED)) + relayRows;
    await holdRelay(lab, false); // seen within the 3 seconds between two renewals
    const deadline = Date.now() + 120_000;
    while ((await lab.broker.total(ENTITY_CREATED)) < target && Date.now() < deadline) await pause(200);
    const records = await lab.broker.read(ENTITY_CREATED, from, relayRows);
    const different = new Set(records.map(({ id }) => id)).size;
    if (different !== relayRows) throw new Error(`the relay sent ${different} different events of ${relayRows}`);
    found.push(rate(records.map(({ at }) => at)));
    tell(`  round ${round + 1}: relay ${Math.round(found.at(-1) ?? 0)}/s`);
    await holdRelay(lab, true);
    await pause(3500); // until the service has seen that its shards are gone
    await lab.sql('connections', 'vacuum outbox');
  }
  await lab.processes.stop('connections');
  await holdRelay(lab, false);
  return found;
}

/** Rows of 300 bytes of JSON, spread over the shards as users are. */
async function fill(lab: Lab, rows: number): Promise<void> {
  await lab.sql(
    'connections',
    `insert into outbox (shard, topic, key, event_id, body)
     select (hashtext(u) & 15)::int2, $2, u, gen_random_uuid(), rpad('{"userId":"' || u || '","entityId":"' || u || '","padding":"', 298, '.') || '"}'
     from (select 'u-' || md5('relay' || n) as u from generate_series(1, $1::int) n) users`,
    [rows, ENTITY_CREATED],
  );
}

function rate(times: number[]): number {
  times.sort((a, b) => a - b);
  const first = Math.floor(times.length * WARM);
  const seconds = ((times.at(-1) ?? 0) - (times[first] ?? 0)) / 1000;
  return (times.length - first) / seconds;
}
