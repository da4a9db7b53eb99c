import { ApiProblem, useExport } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Alert, Button, Text } from '@mantine/core';
import { useSay } from '../../words/say.js';
import { Section } from './section.js';

const KEPT_MS = 60_000; // the browser has long taken it by then

/** The whole record as a file. It is saved once all of it is there, so that nobody keeps a half. */
export function Export() {
  const say = useSay();
  const deed = useExport();
  const underWay = deed.error instanceof ApiProblem && deed.error.code === 'export_under_way';
  return (
    <Section title={say('privacy.export')} lead={say('privacy.export.lead')}>
      <Button
        variant="default"
        loading={deed.isPending}
        onClick={() => deed.mutate(undefined, { onSuccess: save })}
        style={{ alignSelf: 'start' }}
      >
        {say('privacy.export.download')}
      </Button>
      <Text role="status">{deed.isSuccess && say('privacy.export.done', { name: deed.data.name })}</Text>
      {underWay && (
        <Alert color="yellow" variant="light" role="status">
          {say('privacy.export.under-way')}
        </Alert>
      )}
      {deed.error && !underWay && <ProblemNote error={deed.error} />}
    </Section>
  );
}

function save({ name, file }: { name: string; file: Blob }): void {
  const href = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
