import { RejectedEvent } from './batch-context.js';
import { classify, isInboxRepeat, reasonOf } from './error-class.js';
import { PermanentError, TransientError } from './errors.js';

const sqlState = (code: string, message = 'refused', more: object = {}) => Object.assign(new Error(message), { code, ...more });
const wrapped = (cause: unknown) => new Error("insert into t values ('secret') - failed", { cause });
const named = (name: string) => Object.assign(new Error('x'), { name });

describe('what becomes of an event, by the error it met', () => {
  it.each([
    ['permanent', new PermanentError('no')],
    ['permanent', new RejectedEvent('id', 'no')],
    ['permanent', new TypeError('x is not a function')],
    ['permanent', sqlState('22P02')],
    ['permanent', sqlState('23505', 'duplicate key', { table: 'run' })],
    ['permanent', wrapped(sqlState('23503'))],
    ['permanent', sqlState('42501', 'new row violates row-level security policy for table "run"')],
    ['permanent', named('RowLevelSecurityViolationException')],
    ['transient', new TransientError('later')],
    ['transient', sqlState('40001')],
    ['transient', sqlState('40P01')],
    ['transient', sqlState('55P03')],
    ['transient', sqlState('57014')],
    ['transient', named('OptimisticLockError')],
    ['infrastructure', sqlState('08006')],
    ['infrastructure', sqlState('57P01')],
    ['infrastructure', sqlState('53300')],
    ['infrastructure', sqlState('25006')],
    ['infrastructure', sqlState('ECONNREFUSED')],
    ['infrastructure', sqlState('EPIPE')],
    ['infrastructure', new Error('timeout exceeded when trying to connect')],
    ['infrastructure', new Error('Connection terminated unexpectedly')],
    ['infrastructure', sqlState('42P01')],
    ['infrastructure', wrapped(sqlState('42703'))],
    ['infrastructure', sqlState('42501', 'permission denied for table run')],
    ['infrastructure', sqlState('23514', 'no partition of relation "inbox" found for row')],
    ['unknown', new Error('odd')],
    ['unknown', 'a string'],
    ['unknown', undefined],
  ])('%s: %s', (expected, error) => {
    expect(classify(error)).toBe(expected);
  });

  it('knows a repeat by the inbox from a collision in a table of the app', () => {
    expect(isInboxRepeat(sqlState('23505', 'duplicate key', { table: 'inbox_20261116' }))).toBe(true);
    expect(isInboxRepeat(wrapped(sqlState('23505', 'duplicate key', { table: 'inbox_20261116' })))).toBe(true);
    expect(isInboxRepeat(sqlState('23505', 'duplicate key', { table: 'inbox_message' }))).toBe(false);
    expect(isInboxRepeat(sqlState('40001', 'x', { table: 'inbox_20261116' }))).toBe(false);
  });

  it('gives reasons without statements or values', () => {
    expect(reasonOf(wrapped(sqlState('23503', 'Key (user_id)=(secret) is not present', { constraint: 'run_user' })))).toBe(
      'SQLSTATE 23503 run_user',
    );
    expect(reasonOf(new PermanentError('not this one'))).toBe('not this one');
    expect(reasonOf(new TypeError('x is undefined'))).toBe('TypeError: x is undefined');
  });
});
