import type { ApprovalView, Decision } from '@gatehouse/contracts';
import { appName } from '@gatehouse/contracts';
import { ApiProblem, useDecide } from '@gatehouse/react';
import { ForeignName, ProblemNote } from '@gatehouse/react/parts';
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type Dispatch, type KeyboardEvent, type ReactNode, type SetStateAction, useEffect, useId, useRef, useState } from 'react';
import { useWhen } from '../runs/when.js';
import { useSay } from '../words/say.js';
import { Asking } from './asking.js';
import { EditForm } from './edit-form.js';
import { FieldList } from './field-list.js';
import type { Arguments } from './fields.js';
import { Review } from './review.js';
import { whyWord } from './why.js';

/** A decision is on its way; it was decided by that; or, as the answer said, before. */
export type Fate = 'sending' | 'here' | 'elsewhere';

interface ApprovalCardProps {
  approval: ApprovalView;
  /** Whose account would be used, as a person knows it. */
  account: string;
  onFate: (id: string, fate: Fate | undefined) => void;
  /** A, E and R decide while the focus is in the card. */
  shortcuts?: boolean;
  /** Where its run is to be seen, where that is another page. */
  runLink?: ReactNode;
}
type Mode = { is: 'asking' } | { is: 'editing'; draft: Arguments } | { is: 'reviewing'; draft: Arguments };

/** One question: may this be done, with this account, in these words? */
export function ApprovalCard({ approval, account, onFate, shortcuts = false, runLink }: ApprovalCardProps) {
  const say = useSay();
  const [mode, setMode] = useState<Mode>({ is: 'asking' });
  const { send, busy, error } = useDecision(approval.id, onFate, setMode);
  const title = useId();
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (mode.is !== 'asking') card.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  }, [mode.is]);
  const onKeyDown = (event: KeyboardEvent) => {
    const key = shortcuts && mode.is === 'asking' && shortcutIn(event);
    if (!key) return;
    event.preventDefault();
    if (key === 'a') card.current?.querySelector<HTMLElement>('[data-approve]')?.click();
    if (key === 'e') setMode({ is: 'editing', draft: approval.arguments });
    if (key === 'r') send({ decision: 'reject' });
  };
  return (
    <Paper
      component="article"
      withBorder
      p="md"
      radius="md"
      ref={card}
      tabIndex={-1}
      aria-labelledby={title}
      data-approval={approval.id}
      onKeyDown={onKeyDown}
    >
      <Stack gap="sm">
        <Head approval={approval} account={account} id={title} />
        {error && !isLate(error) && <ProblemNote error={error} />}
        <Body approval={approval} mode={mode} setMode={setMode} send={send} busy={busy} error={error} />
        {runLink}
        {busy && <Text role="status">{say('approval.deciding')}</Text>}
      </Stack>
    </Paper>
  );
}

/** Sends a decision once; what the tool refuses leads back to the form. */
function useDecision(id: string, onFate: ApprovalCardProps['onFate'], setMode: Dispatch<SetStateAction<Mode>>) {
  const { mutateAsync, isPending, error } = useDecide();
  const send = (decision: Decision) => {
    if (isPending) return;
    onFate(id, 'sending');
    mutateAsync({ id, decision }).then(
      () => onFate(id, 'here'),
      (refusal: unknown) => {
        onFate(id, isLate(refusal) ? 'elsewhere' : undefined);
        if (wrongFields(refusal).length) setMode((now) => (now.is === 'reviewing' ? { is: 'editing', draft: now.draft } : now));
      },
    );
  };
  return { send, busy: isPending, error };
}

interface BodyProps {
  approval: ApprovalView;
  mode: Mode;
  setMode: (mode: Mode) => void;
  send: (decision: Decision) => void;
  busy: boolean;
  error: Error | null;
}

function Body({ approval, mode, setMode, send, busy, error }: BodyProps) {
  const { arguments: args } = approval;
  const back = () => setMode({ is: 'asking' });
  const edit = (draft: Arguments) => setMode({ is: 'editing', draft });
  if (mode.is === 'editing') {
    const review = (draft: Arguments) => setMode({ is: 'reviewing', draft });
    return <EditForm args={args} draft={mode.draft} wrong={wrongFields(error)} onReview={review} onBack={back} />;
  }
  if (mode.is === 'reviewing') {
    const { draft } = mode;
    const yes = () => send({ decision: 'edit', arguments: draft });
    return <Review approval={approval} draft={draft} busy={busy} onYes={yes} onBack={() => edit(draft)} />;
  }
  return (
    <>
      <FieldList args={args} />
      <Asking
        approval={approval}
        busy={busy}
        onYes={() => send({ decision: 'approve' })}
        onEdit={() => edit(args)}
        onNo={() => send({ decision: 'reject' })}
      />
    </>
  );
}

function Head({ approval, account, id }: { approval: ApprovalView; account: string; id: string }) {
  const say = useSay();
  const { until } = useWhen();
  const why = whyWord(approval.why);
  return (
    <div>
      <Group gap="xs" justify="space-between">
        <Title order={2} size="h4" id={id} style={{ overflowWrap: 'anywhere' }}>
          {say('approval.question', { title: approval.title })}
        </Title>
        {approval.class === 'destructive' && (
          <Badge color="red" variant="outline" c="var(--mantine-color-text)">
            {say('approval.destructive')}
          </Badge>
        )}
      </Group>
      <Text size="sm">
        {say('approval.account', { app: appName(approval.app) })} <ForeignName text={account} />
      </Text>
      <Text size="sm">{say('approval.why', { why: why ? say(why) : approval.why })}</Text>
      <Text size="sm" c="dimmed">
        {say('approval.expires', { until: until(approval.expiresAt) })}
      </Text>
    </div>
  );
}

const isLate = (error: unknown) => error instanceof ApiProblem && error.status === 409;

/** The first part below `arguments` of each path that was refused. */
function wrongFields(error: unknown): string[] {
  if (!(error instanceof ApiProblem) || error.status !== 422) return [];
  return error.errors.flatMap(({ path }) => path.split('.')[1] ?? []);
}

const KEYS = ['a', 'e', 'r'] as const;

type Pressed = Pick<KeyboardEvent, 'key' | 'repeat' | 'ctrlKey' | 'metaKey' | 'altKey'> & { target: EventTarget | null };

/** Never while something is typed, and never for a key that is held down. */
export function shortcutIn(event: Pressed) {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')) return undefined;
  return KEYS.find((key) => key === event.key.toLowerCase());
}
