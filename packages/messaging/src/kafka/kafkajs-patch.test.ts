import { createRequire } from 'node:module';
import fc from 'fast-check';

const require = createRequire(import.meta.url);
const Encoder = require('kafkajs/src/protocol/encoder');
const Decoder = require('kafkajs/src/protocol/decoder');
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index');
const decodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/decoder');
const RequestQueue = require('kafkajs/src/network/requestQueue/index');
const encodeHeader = require('kafkajs/src/protocol/recordBatch/header/v0/index');

interface Fields {
  offsetDelta: number;
  timestampDelta: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | Buffer[]>;
}

/** What kafkajs 2.2.4 does without the patch: a 512-byte buffer for each header. */
function original({ offsetDelta, timestampDelta, key, value, headers }: Fields): Buffer {
  const list = Object.entries(headers).flatMap(([name, given]) => [given].flat().map((one) => ({ key: name, value: one })));
  const body = new Encoder()
    .writeInt8(0)
    .writeVarLong(timestampDelta)
    .writeVarInt(offsetDelta)
    .writeVarIntBytes(key)
    .writeVarIntBytes(value)
    .writeVarIntArray(list.map(encodeHeader));
  return new Encoder().writeVarInt(body.size()).writeEncoder(body).buffer;
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const records = fc.record({
  offsetDelta: fc.nat(5000),
  timestampDelta: fc.nat(100_000),
  key: fc.option(bytes(60)),
  value: fc.option(fc.oneof(bytes(200), fc.constant(Buffer.alloc(9000, 'é')))),
  headers: fc.dictionary(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.oneof(bytes(700), fc.array(bytes(20), { minLength: 2, maxLength: 3 })),
  ),
});
// Far quicker to compare than buffers.
const hex = (value: unknown) => (Buffer.isBuffer(value) ? value.toString('hex') : value);
const context = { firstOffset: 0n, firstTimestamp: 0, magicByte: 2 };

describe('the patched kafkajs', () => {
  it('is patched: run the install script if this fails', () => {
    expect(decodeRecord.toString()).toContain('Object.create(null)');
    expect(encodeRecord.toString()).not.toContain('sizeOfVarInt');
    expect(RequestQueue.prototype.scheduleCheckPendingRequests.toString()).toContain('return // an idle connection');
  });

  it('encodes records byte by byte as the original', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(Buffer.compare(encodeRecord(record).buffer, original(record))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('decodes what the original encoded, with names that objects have already', () => {
    fc.assert(
      fc.property(records, (record) => {
        const headers = { ...record.headers, toString: Buffer.from('a header'), constructor: Buffer.from('another') };
        const decoder = new Decoder(original({ ...record, headers }));
        decoder.readVarInt(); // its length, which the reader of the batch takes off
        const back = decodeRecord(decoder, context);
        expect([back.key, back.value].map(hex)).toEqual([record.key, record.value].map(hex));
        expect(Number(back.offset)).toBe(record.offsetDelta);
        expect(Object.entries(back.headers).map(([name, value]) => [name, [value].flat().map(hex)])).toEqual(
          Object.entries(headers).map(([name, value]) => [name, [value].flat().map(hex)]),
        );
      }),
    );
  });

  it('sets no timer for an idle connection', () => {
    const queue = new RequestQueue({
      maxInFlightRequests: null,
      requestTimeout: 1000,
      enforceRequestTimeout: false,
      clientId: 'c',
      broker: 'b',
      logger: {},
    });
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.throttledUntil = Date.now() + 50;
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
  });
});
