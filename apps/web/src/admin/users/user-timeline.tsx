import { Button, Group, Text, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useSay } from '../../words/say.js';
import { AdminPage } from '../parts/admin-page.js';
import { AnchorLink } from '../parts/anchor-link.js';
import { Section } from '../parts/section.js';
import { Entries } from './entries.js';

/** All that happened to one user, whichever app knows it: for the question why an agent cannot use something. */
export function UserTimeline() {
  const say = useSay();
  const { user } = useSearch({ from: '/shell/admin/users' });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(user ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: '/admin/users', search: { user: typed.trim() || undefined } });
  };
  return (
    <AdminPage title={say('admin.users')} lead={say('admin.users.lead')}>
      <form onSubmit={submit}>
        <Group align="end" gap="sm">
          <TextInput
            label={say('admin.user.id')}
            maxLength={200}
            autoComplete="off"
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            style={{ flex: '1 1 16rem' }}
          />
          <Button type="submit">{say('admin.user.show')}</Button>
        </Group>
      </form>
      {user ? (
        <Section title={say('admin.user.timeline')}>
          <Text style={{ overflowWrap: 'anywhere' }}>
            <AnchorLink to="/admin/switches" search={{ user }}>
              {say('admin.user.stop')}
            </AnchorLink>
          </Text>
          <Entries key={user} user={user} />
        </Section>
      ) : (
        <Text>{say('admin.user.none')}</Text>
      )}
    </AdminPage>
  );
}
