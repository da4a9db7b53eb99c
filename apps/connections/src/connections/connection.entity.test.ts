import { Connection } from './connection.entity.js';

const aConnection = (over: Partial<Connection> = {}) =>
  Object.assign(
    new Connection() as Connection,
    { id: 'c', userId: 'ana', app: 'slack', alias: '', state: 'active', accountId: 'ca_1', epoch: 1 },
    over,
  );
const news = (over: object = {}) => ({
  accountId: 'ca_1',
  epoch: 2,
  status: 'EXPIRED',
  reason: 'gone',
  detectedBy: 'sweep' as const,
  detectedAt: new Date(),
  ...over,
});

describe('Connection', () => {
  it('breaks once, at the epoch that the auditor raised', () => {
    const connection = aConnection();
    connection.break(news());
    connection.break(news({ reason: 'again' }));
    expect(connection).toMatchObject({ state: 'broken', epoch: 2, reason: 'gone', providerStatus: 'EXPIRED' });
  });

  it('ignores old news, but keeps the greatest epoch', () => {
    const connection = aConnection({ epoch: 5 });
    connection.break(news({ epoch: 5 }));
    expect(connection).toMatchObject({ state: 'active', epoch: 5 });
    connection.break(news({ accountId: 'ca_before', epoch: 9 }));
    expect(connection).toMatchObject({ state: 'active', epoch: 9 });
  });

  it('never breaks what never was active, and gives up silently', () => {
    const connection = aConnection({ state: 'pending', accountId: null });
    connection.break(news());
    expect(connection.state).toBe('pending');
    connection.giveUp('timed_out', 'poll');
    expect(connection).toMatchObject({ state: 'not_finished', reason: 'timed_out' });
  });

  it('keeps its state while a reconnect is tried and fails', () => {
    const connection = aConnection({ state: 'broken' });
    connection.expect();
    connection.giveUp('timed_out', 'poll');
    expect(connection.state).toBe('broken');
  });

  it('says whether it was active before, and cannot come back from its removal', () => {
    expect(aConnection({ state: 'pending', connectedAt: null }).activate({ id: 'ca_2', status: 'ACTIVE' }, 'callback', new Date())).toBe(
      false,
    );
    expect(
      aConnection({ state: 'broken', connectedAt: new Date() }).activate({ id: 'ca_2', status: 'ACTIVE' }, 'callback', new Date()),
    ).toBe(true);
    expect(() => aConnection({ state: 'removing' }).activate({ id: 'ca_2', status: 'ACTIVE' }, 'callback', new Date())).toThrow();
  });

  it('is in doubt, not broken, when a check finds it not usable; and active again when one finds it usable', () => {
    const connection = aConnection();
    expect(connection.observe({ status: 'SOMETHING_NEW', reason: null, usable: false }, 'check', new Date())).toBe(false);
    expect(connection).toMatchObject({ state: 'unknown', epoch: 1, providerStatus: 'SOMETHING_NEW' });
    expect(connection.observe({ status: 'ACTIVE', reason: null, usable: true }, 'check', new Date())).toBe(true);
    expect(connection.state).toBe('active');
  });
});
