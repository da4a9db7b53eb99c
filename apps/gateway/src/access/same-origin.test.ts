import { comesFrom } from './same-origin.js';

const ours = 'https://gate.example.com';

describe('where a request comes from', () => {
  it.each([
    ['our page', { 'sec-fetch-site': 'same-origin', origin: ours }, 'here'],
    ['our page that sends no referrer', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 'here'],
    ['an old browser on our page', { origin: ours }, 'here'],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 'elsewhere'],
    ['another site that hides its origin', { 'sec-fetch-site': 'cross-site', origin: 'null' }, 'elsewhere'],
    ['a sister host', { 'sec-fetch-site': 'same-site', origin: 'https://blog.example.com' }, 'elsewhere'],
    ['a typed address', { 'sec-fetch-site': 'none' }, 'elsewhere'],
    ['an old browser on another site', { origin: 'https://evil.example' }, 'elsewhere'],
    ['an old browser in a sandboxed frame', { origin: 'null' }, 'elsewhere'],
    ['our name as a prefix', { origin: `${ours}.evil.example` }, 'elsewhere'],
    ['contradicting headers', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 'elsewhere'],
    ['a program', {}, 'unknown'],
  ])('%s', (_, headers, place) => {
    expect(comesFrom(headers, ours)).toBe(place);
  });
});
