import { Title } from '@mantine/core';
import { FormattedMessage } from 'react-intl';
import { useConnections } from '../hooks.js';

export function IntegrationsPage() {
  const { data } = useConnections();
  return (
    <>
      <Title order={1}>
        <FormattedMessage id="integrations.title" />
      </Title>
      <p>{data?.length}</p>
    </>
  );
}
