import type { DecisionView } from '@gatehouse/contracts';
import { useDecisions } from '@gatehouse/react';
import { ForeignText, ListFrame } from '@gatehouse/react/parts';
import { Button, Card, Code, Stack, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { FormattedDate } from 'react-intl';
import { useSay } from '../../words/say.js';
import { decisionWord } from './decision-words.js';
import { Section } from './section.js';

const ROW = 64; // pixels
const HASH_SHOWN = 12;

/** The log of decisions, opened on demand: few want to read it, and those who do want all of it. */
export function Decisions() {
  const say = useSay();
  const [open, setOpen] = useState(false);
  return (
    <Section title={say('privacy.log')} lead={say('privacy.log.lead')}>
      <Button variant="default" aria-expanded={open} onClick={() => setOpen(!open)} style={{ alignSelf: 'start' }}>
        {say(open ? 'privacy.log.hide' : 'privacy.log.show')}
      </Button>
      {open && <Log />}
    </Section>
  );
}

function Log() {
  const say = useSay();
  const list = useDecisions();
  return (
    <ListFrame list={list} rowHeight={ROW} empty={<Text>{say('privacy.log.none')}</Text>}>
      {(rows) => (
        <Stack component="ol" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
          {rows.map((row) => (
            <Row key={row.seq} row={row} />
          ))}
        </Stack>
      )}
    </ListFrame>
  );
}

function Row({ row: { seq, at, kind, data, hash } }: { row: DecisionView }) {
  const say = useSay();
  const words = useId();
  const [open, setOpen] = useState(false);
  const tool = typeof data.tool === 'string' ? data.tool : '';
  return (
    <Card component="li" withBorder padding="sm">
      <Text id={words} style={{ overflowWrap: 'anywhere' }}>
        {seq}. {say(decisionWord(kind), { kind })} {tool && <Code>{tool}</Code>}
      </Text>
      <Text size="sm" c="dimmed" component="time" dateTime={at}>
        <FormattedDate value={at} dateStyle="medium" timeStyle="medium" />
      </Text>
      <div>
        <Button variant="subtle" size="compact-sm" aria-expanded={open} aria-describedby={words} onClick={() => setOpen(!open)}>
          {say(open ? 'privacy.log.less' : 'privacy.log.more')}
        </Button>
      </div>
      {open && (
        <>
          <ForeignText text={JSON.stringify(data, null, 2)} />
          <Text size="sm" c="dimmed">
            {say('privacy.log.hash', { hash: hash.slice(0, HASH_SHOWN) })}
          </Text>
        </>
      )}
    </Card>
  );
}
