import { appName, type RunRequest } from '@gatehouse/contracts';
import { ApiProblem, useAgents, useRequestRun } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Alert, Button, Checkbox, Group, NativeSelect, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { useSay } from '../words/say.js';

const LONGEST = 100_000;
const MANY_APPS = 12;

/** Asks an agent for a run: which one, for what, with which apps. A second click, or a lost answer, is the same run. */
export function StartRun({ conversationId }: { conversationId: string | undefined }) {
  const say = useSay();
  const { agents, agent, form, change, ask, submit } = useStart(conversationId);
  return (
    <Paper component="form" withBorder p="md" radius="md" onSubmit={submit} aria-label={say('runs.start')}>
      <Stack gap="sm">
        {conversationId && (
          <Text size="sm" c="dimmed">
            {say('runs.start.conversation')}
          </Text>
        )}
        <NativeSelect
          size="md"
          label={say('runs.start.agent')}
          description={agent?.description}
          value={agent?.name ?? ''}
          disabled={!agents.length}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          data={agents.map(({ name: value, title: label }) => ({ value, label }))}
        />
        <Goal value={form.input} onChange={(input) => change({ input })} />
        {agent && <AppChoice agent={agent} chosen={form.chosen} onChoose={(chosen) => change({ chosen })} />}
        {!conversationId && (
          <Checkbox
            label={say('runs.start.keep')}
            description={say('runs.start.keep-how')}
            checked={form.kept}
            onChange={({ currentTarget }) => change({ kept: currentTarget.checked })}
          />
        )}
        {ask.error && <Refusal error={ask.error} />}
        <Group>
          <Button type="submit" loading={ask.isPending} disabled={!form.input.trim()}>
            {say('runs.start.submit')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

const EMPTY = { name: '', input: '', chosen: [] as readonly string[], kept: false };

/** What is filled in, and the request made of it. */
function useStart(conversationId: string | undefined) {
  const navigate = useNavigate();
  const { data: agents = [] } = useAgents();
  const [form, setForm] = useState(EMPTY);
  const [fresh] = useState(() => crypto.randomUUID());
  const keyOf = useKeys();
  const ask = useRequestRun();
  const agent = agents.find(({ name }) => name === form.name) ?? agents[0];
  const change = (some: Partial<typeof EMPTY>) => setForm((now) => ({ ...now, ...some }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = form.input.trim();
    if (!agent || !input || ask.isPending) return;
    const own = [...agent.apps.required, ...agent.apps.optional];
    const conversation = conversationId ?? (form.kept ? fresh : undefined);
    const request: RunRequest = {
      input,
      agent: agent.name,
      apps: { required: form.chosen.filter((app) => !own.includes(app)), optional: [] },
      ...(conversation && { conversationId: conversation }),
    };
    ask.mutate({ request, key: keyOf(request) }, { onSuccess: ({ id }) => void navigate({ to: '/runs/$id', params: { id } }) });
  };
  return { agents, agent, form, change, ask, submit };
}

function Goal({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const say = useSay();
  return (
    <Textarea
      size="md"
      label={say('runs.start.input')}
      placeholder={say('runs.start.example')}
      autosize
      minRows={2}
      maxRows={14}
      maxLength={LONGEST}
      required
      withAsterisk={false}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

/** The same request has the same key until it was answered well. */
function useKeys(): (request: RunRequest) => string {
  const last = useRef({ request: '', key: '' });
  return (request) => {
    const text = JSON.stringify(request);
    if (last.current.request !== text) last.current = { request: text, key: crypto.randomUUID() };
    return last.current.key;
  };
}

interface AppChoiceProps {
  agent: { apps: { required: readonly string[]; optional: readonly string[] }; tools: readonly { app: string }[] };
  chosen: readonly string[];
  onChoose: (apps: readonly string[]) => void;
}

/** The agent's own apps are settled; others it may use only when they are ticked. */
function AppChoice({ agent, chosen, onChoose }: AppChoiceProps) {
  const say = useSay();
  const settled = [...agent.apps.required, ...agent.apps.optional];
  const apps = useMemo(() => [...new Set(agent.tools.map(({ app }) => app))].sort(), [agent]);
  if (!apps.length) return null;
  return (
    <Checkbox.Group
      label={say('runs.start.apps')}
      description={say('runs.start.apps-how')}
      value={[...settled, ...chosen]}
      onChange={(all) => onChoose(all.filter((app) => !settled.includes(app)))}
    >
      <Group
        gap="md"
        mt="xs"
        mah={apps.length > MANY_APPS ? 220 : undefined}
        style={apps.length > MANY_APPS ? { overflowY: 'auto' } : undefined}
      >
        {apps.map((app) => (
          <Checkbox key={app} value={app} label={appName(app)} disabled={settled.includes(app)} size="md" />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

function Refusal({ error }: { error: Error }) {
  const say = useSay();
  if (!(error instanceof ApiProblem) || error.code !== 'limit_reached') return <ProblemNote error={error} />;
  return (
    <Alert color="red" variant="light" role="alert">
      {say('runs.start.limit')}
    </Alert>
  );
}
