import { Button, Group, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Attempt, ConnectWish } from '../connecting.js';
import { useCheckConnection, useConnect, useDisconnect } from '../hooks.js';
import { type PartWordId, useSay } from '../parts/say.js';
import type { Entry } from './catalogue.js';
import { useDeeds } from './deeds.js';
import { lead as leadLook, linkColour } from './look.js';
import { ReasonNote } from './reason-note.js';

interface EntryActionsProps {
  entry: Entry;
  attempt: Attempt | undefined;
  /** A link to the app's own page, by its words; nothing on that page itself. */
  details?: (word: PartWordId, main: boolean) => ReactNode;
}

/** What a person can do about an app in its state: one main button, the rest beside it. */
export function EntryActions({ entry, attempt, details }: EntryActionsProps) {
  const say = useSay();
  const check = useCheckConnection();
  const cancel = useDisconnect();
  const { connecting } = useConnect();
  const { connect, disconnect } = useDeeds();
  const [why, setWhy] = useState(false);
  const { app, info, main, state } = entry;
  const wish: ConnectWish = main?.connectedAt ? { connectionId: main.id, app } : { app, ...(main?.alias && { alias: main.alias }) };
  const deed = (word: PartWordId, onClick: () => void, loading = false) => (
    <Deed key={word} word={word} app={info.name} onClick={onClick} loading={loading} />
  );
  const lead = (word: PartWordId, onClick: () => void, loading = false) => (
    <Deed key={word} word={word} app={info.name} onClick={onClick} loading={loading} lead />
  );
  const dismiss = () => {
    connecting.dismiss(app);
    if (main && !main.connectedAt && (main.status === 'pending' || main.status === 'not_finished')) cancel.mutate(main.id);
  };
  const ask = () => connect(info, wish);
  const leave = main && deed('integrations.do.disconnect', () => disconnect(info, main));
  const again = () => void connecting.begin(wish, { words: say('integrations.connect.opening', { app: info.name }) });

  const actions = (): ReactNode => {
    if (attempt?.phase === 'blocked')
      return [lead('integrations.do.here', () => connecting.leave(app)), deed('integrations.do.cancel', dismiss)];
    if (attempt?.phase === 'late') return [lead('integrations.do.link', again), deed('integrations.do.dismiss', dismiss)];
    if (attempt?.phase === 'unchanged' || attempt?.phase === 'refused')
      return [lead('integrations.do.try', ask), deed('integrations.do.dismiss', () => connecting.dismiss(app))];
    switch (state) {
      case 'not_connected':
        return [info.connectable && !info.paused && lead('integrations.do.connect', ask), details?.('integrations.do.what', false)];
      case 'waiting':
        return [lead('integrations.do.again', again, attempt?.phase === 'asking'), deed('integrations.do.cancel', dismiss)];
      case 'connected':
        return [details?.('integrations.do.manage', true), leave];
      case 'expired':
        return [lead('integrations.do.reconnect', ask), deed('integrations.do.why', () => setWhy(!why)), leave];
      case 'access_removed':
      case 'switched_off':
      case 'stopped':
        return [lead('integrations.do.reconnect', ask), leave];
      case 'not_finished':
        return [lead('integrations.do.try', ask), deed('integrations.do.dismiss', dismiss, cancel.isPending)];
      case 'blocked':
        return [lead('integrations.do.start', ask), deed('integrations.do.dismiss', dismiss, cancel.isPending)];
      case 'cant_check':
        return lead('integrations.do.check-again', () => main && check.mutate(main.id), check.isPending);
      default:
        return null;
    }
  };
  return (
    <>
      {why && state === 'expired' && <Text size="sm">{say('integrations.why.text')}</Text>}
      {check.error && <ReasonNote error={check.error} app={info.name} />}
      {cancel.error && <ReasonNote error={cancel.error} app={info.name} />}
      <Group gap="xs">{actions()}</Group>
    </>
  );
}

interface DeedProps {
  word: PartWordId;
  app: string;
  onClick: () => void;
  loading: boolean;
  lead?: boolean;
}

/** The button's name says which app it is for: a list of buttons read out alone would all be called the same. */
function Deed({ word, app, onClick, loading, lead = false }: DeedProps) {
  const say = useSay();
  const deed = say(word);
  return (
    <Button
      variant={lead ? 'filled' : 'subtle'}
      {...(lead ? leadLook : { c: linkColour })}
      size="md"
      px={lead ? 'md' : 'xs'}
      loading={loading}
      aria-label={say('integrations.do.on', { deed, app })}
      onClick={onClick}
    >
      {deed}
    </Button>
  );
}
