import type { ApprovalView } from '@gatehouse/contracts';
import { Button, Group, Stack, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useSay } from '../words/say.js';
import { numberToType, TypeNumber } from './asking.js';
import { Changes } from './changes.js';
import { deedOf } from './deed.js';
import type { Arguments } from './fields.js';

interface ReviewProps {
  approval: ApprovalView;
  draft: Arguments;
  busy: boolean;
  onYes: () => void;
  onBack: () => void;
}

/** What would be sent instead, confirmed once. */
export function Review({ approval, draft, busy, onYes, onBack }: ReviewProps) {
  const say = useSay();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const yes = say(deedOf(approval.tool).yes);
  const number = numberToType({ ...approval, arguments: draft });
  return (
    <Stack gap="sm">
      <Title order={3} size="h5" ref={heading} tabIndex={-1}>
        {say('approval.review.title')}
      </Title>
      <Changes from={approval.arguments} to={draft} />
      {number ? (
        <TypeNumber number={number} destructive={approval.class === 'destructive'} yes={yes} busy={busy} onYes={onYes} onBack={onBack} />
      ) : (
        <Group gap="sm">
          <Button loading={busy} onClick={onYes}>
            {yes}
          </Button>
          <Button variant="default" disabled={busy} onClick={onBack}>
            {say('approval.back')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
