import { isPublic, refusalOf } from './webhook.js';

describe('where a user may have webhooks sent', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    'no address',
  ])('not to %s', (address) => expect(isPublic(address)).toBe(false));
  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('to %s', (address) => expect(isPublic(address)).toBe(true));
  it.each([
    'http://example.com',
    'https://example.com:8443',
    'https://me:secret@example.com',
    'https://localhost/x',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
  ])('refuses %s', (url) => expect(refusalOf(url)).not.toBeNull());
  it('takes an ordinary address', () => expect(refusalOf('https://hooks.example.com/gatehouse')).toBeNull());
});
