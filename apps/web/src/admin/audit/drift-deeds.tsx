import type { DriftReportView } from '@gatehouse/contracts';
import { useGatehouse } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useSay } from '../../words/say.js';
import { type Act, ActDialog } from '../parts/act-dialog.js';
import { useRefreshAdmin } from '../parts/use-admin.js';

/** What of a report may be repaired. Duplicates and extra accounts are left alone. */
const repairable = ({ missing, wrongOwner, wrongStatus }: DriftReportView): number => missing + wrongOwner + wrongStatus;

/** To compare, which changes nothing; then to repair, which is offered only after a comparison that found something. */
export function DriftDeeds({ newest }: { newest: DriftReportView | undefined }) {
  const say = useSay();
  const { client } = useGatehouse();
  const refresh = useRefreshAdmin();
  const [deed, setDeed] = useState<Act>();
  const running = newest?.state === 'running';
  const compare = useMutation({ mutationFn: () => client.post('/admin/auditor/drift', { fix: false }), onSettled: refresh });
  const found = newest && !running && !newest.fix ? repairable(newest) : 0;
  const repair: Act = {
    title: say('admin.drift.repair'),
    word: say('admin.drift.repair'),
    look: async () => ({ touches: found, says: say('admin.drift.repair.look', { count: found }) }),
    act: async (reason) => {
      await client.post('/admin/auditor/drift', { fix: true, reason });
      return say('admin.drift.repair.done');
    },
  };
  return (
    <>
      <Group gap="sm">
        <Button onClick={() => compare.mutate()} loading={compare.isPending} disabled={running}>
          {say('admin.drift.compare')}
        </Button>
        <Button color="red" variant="light" disabled={found === 0} onClick={() => setDeed(repair)}>
          {say('admin.drift.repair')}
        </Button>
      </Group>
      <Text size="sm" role="status">
        {running ? say('admin.drift.under-way') : say('admin.drift.repairable', { count: found })}
      </Text>
      {compare.error && <ProblemNote error={compare.error} />}
      <ActDialog deed={deed} onClose={() => setDeed(undefined)} />
    </>
  );
}
