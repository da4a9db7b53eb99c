import { useApprovals } from '@gatehouse/react';
import { ListFrame } from '@gatehouse/react/parts';
import { Anchor, Switch, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '../shell/page.js';
import { useSay } from '../words/say.js';
import { Questions } from './questions.js';
import { useShortcuts } from './use-shortcuts.js';

const CARD_HEIGHT = 260;

/** Everything that waits for the person's word, oldest first. */
export function Approvals() {
  const say = useSay();
  const list = useApprovals();
  const { on, turn } = useShortcuts();
  const questions = (
    <Questions
      waiting={list.rows ?? []}
      shortcuts={on}
      runLink={({ runId }) => (
        <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$id" params={{ id: runId }} {...props} />}>
          {say('approvals.run')}
        </Anchor>
      )}
    />
  );
  return (
    <Page title={say('approvals.title')}>
      <Switch
        checked={on}
        onChange={({ currentTarget }) => turn(currentTarget.checked)}
        label={say('approvals.keys')}
        description={say('approvals.keys.how')}
      />
      {list.rows?.length === 0 && <Text>{say('approvals.none')}</Text>}
      <ListFrame list={list} rowHeight={CARD_HEIGHT} empty={questions}>
        {() => questions}
      </ListFrame>
    </Page>
  );
}
