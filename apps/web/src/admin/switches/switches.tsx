import type { SwitchView } from '@gatehouse/contracts';
import { Stack, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../../words/say.js';
import { type Act, ActDialog } from '../parts/act-dialog.js';
import { AdminPage } from '../parts/admin-page.js';
import { Section } from '../parts/section.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { inForce, lifted, type Read } from './merged.js';
import { SetSwitch } from './set-switch.js';
import { LiftedTable, OpenTable } from './tables.js';
import { useSwitchDeeds } from './use-switches.js';

/** What operators have stopped: to stop something, and to let it go on. */
export function Switches() {
  const say = useSay();
  const { user } = useSearch({ from: '/shell/admin/switches' });
  const runner = useAdmin<{ data: SwitchView[] }>('agent-runner/switches');
  const connections = useAdmin<{ data: SwitchView[] }>('connections/switches');
  const [deed, setDeed] = useState<Act>();
  const deeds = useSwitchDeeds();
  const read: Read = {
    ...(runner.data && { 'agent-runner': runner.data.data }),
    ...(connections.data && { connections: connections.data.data }),
  };
  const open = inForce(read);
  const over = lifted(read);
  const known = runner.data ?? connections.data;
  return (
    <AdminPage title={say('admin.switches')} lead={say('admin.switches.lead')}>
      <Section title={say('admin.switches.stop')}>
        <SetSwitch key={user ?? ''} user={user} onSet={(wish, name) => setDeed(deeds.set(wish, name))} />
      </Section>
      <Section title={say('admin.switches.open')}>
        <Stack gap="xs">
          <Source read={runner} name="agent-runner" height={60}>
            {() => null}
          </Source>
          <Source read={connections} name="connections" height={60}>
            {() => null}
          </Source>
        </Stack>
        {open.length > 0 && <OpenTable rows={open} onLift={(one, name) => setDeed(deeds.lift(one, name))} />}
        {known && open.length === 0 && <Text>{say('admin.switches.none')}</Text>}
      </Section>
      {over.length > 0 && (
        <Section title={say('admin.switches.over')}>
          <LiftedTable rows={over} />
        </Section>
      )}
      <ActDialog deed={deed} onClose={() => setDeed(undefined)} />
    </AdminPage>
  );
}
