import { List, Title } from '@mantine/core';
import { useSay } from '../../words/say.js';

/** What deleting takes away, and what it does not: no promise that we cannot keep. */
export function Remains() {
  const say = useSay();
  return (
    <>
      <Title order={3} size="h5">
        {say('privacy.delete.goes')}
      </Title>
      <List spacing={4}>
        <List.Item>{say('privacy.delete.goes.record')}</List.Item>
        <List.Item>{say('privacy.delete.goes.settings')}</List.Item>
        <List.Item>{say('privacy.delete.goes.account')}</List.Item>
      </List>
      <Title order={3} size="h5">
        {say('privacy.delete.stays')}
      </Title>
      <Stays />
    </>
  );
}

export function Stays() {
  const say = useSay();
  return (
    <List spacing={4}>
      <List.Item>{say('privacy.delete.stays.effects')}</List.Item>
      <List.Item>{say('privacy.delete.stays.id')}</List.Item>
      <List.Item>{say('privacy.delete.stays.events')}</List.Item>
      <List.Item>{say('privacy.delete.stays.backups')}</List.Item>
      <List.Item>{say('privacy.delete.stays.composio')}</List.Item>
    </List>
  );
}
