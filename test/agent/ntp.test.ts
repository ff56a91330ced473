/** Packets of an NTP client: the request, the arithmetic of the two clocks, and what is no answer. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAnswer, encodeRequest, kissIn } from '../../lab/agent/ntp.ts';

const EPOCH = 2_208_988_800;

/** Between two weeks after 1970 and 2100: both eras. */
const instant = fc.oneof(
  fc.double({ min: 1_200_000, max: 4_102_444_800, noNaN: true }),
  // A hair before the full second.
  fc.integer({ min: 1_200_000, max: 4_102_444_800 }).map((second) => second - 2 ** -21),
);

function writeStamp(packet: Buffer, at: number, seconds: number): void {
  packet.writeUInt32BE((Math.floor(seconds) + EPOCH) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), at + 4);
}

/** What a server with those two stamps answers. */
function answerTo(request: Buffer, received: number, transmitted: number): Buffer {
  const packet = Buffer.alloc(48);
  packet[0] = (request[0]! & 0b00_111_000) | 4;
  request.copy(packet, 24, 40, 48);
  writeStamp(packet, 32, received);
  writeStamp(packet, 40, transmitted);
  return packet;
}

test('a request is a client’s packet of 48 bytes with its version and the time it was sent', () => {
  const request = encodeRequest(4, 0.5);
  expect(request).toHaveLength(48);
  expect(request[0]).toBe(0b00_100_011);
  expect(request.subarray(1, 40).every((byte) => byte === 0)).toBe(true);
  expect(request.subarray(40, 47).toString('hex')).toBe('83aa7e80800000');
  expect(encodeRequest(3, 0)[0]).toBe(0b00_011_011);
});

test('a request’s transmit time stamp is the time it was sent, to within its random last byte', () => {
  fc.assert(
    fc.property(instant, (sent) => {
      const request = encodeRequest(4, sent);
      const whole = (request.readUInt32BE(40) - EPOCH + 2 ** 32) % 2 ** 32;
      expect(whole).toBe(Math.floor(sent));
      expect(Math.abs(request.readUInt32BE(44) / 2 ** 32 - (sent % 1))).toBeLessThan(2 ** -24);
    }),
  );
});

test('offset and delay come out as the two clocks have it, in either era (RFC 5905 section 8)', () => {
  const away = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const way = fc.double({ min: 0, max: 2, noNaN: true });
  fc.assert(
    fc.property(instant, away, way, way, (sent, wrong, there, back) => {
      const request = encodeRequest(4, sent);
      const received = sent + there + wrong;
      const transmitted = received + 0.001;
      const arrived = sent + there + 0.001 + back;
      const found = decodeAnswer(answerTo(request, received, transmitted), request, sent, arrived);
      if (typeof found === 'string') throw new Error(found);
      expect(found.offset).toBeCloseTo(wrong + (there - back) / 2, 4);
      expect(found.delay).toBeCloseTo(there + back, 4);
    }),
  );
});

test('an answer to another request is none, whatever else it holds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (originate) => {
      const request = encodeRequest(4, 1_800_000_000);
      fc.pre(!request.subarray(40, 48).equals(Buffer.from(originate)));
      const answer = answerTo(request, 1, 1);
      answer.set(originate, 24);
      expect(decodeAnswer(answer, request, 0, 0)).toMatch(/originate/);
    }),
  );
});

test('no bytes, however broken, make the decoder throw', () => {
  const request = encodeRequest(4, 1_800_000_000);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const packet = Buffer.from(bytes);
      if (packet.length >= 48) {
        packet[0] = (packet[0]! & 0xf8) | 4;
        request.copy(packet, 24, 40, 48);
      }
      expect(['string', 'object']).toContain(typeof decodeAnswer(packet, request, 0, 0));
    }),
  );
});

test('the reference is letters for a first server, an address beyond', () => {
  const request = encodeRequest(4, 1_800_000_000);
  const answer = answerTo(request, 1, 1);
  answer[1] = 1;
  answer.write('GPS\0', 12, 'latin1');
  expect(decodeAnswer(answer, request, 0, 0)).toMatchObject({ stratum: 1, referenceId: 'GPS' });
  answer[1] = 2;
  expect(decodeAnswer(answer, request, 0, 0)).toMatchObject({ stratum: 2, referenceId: '71.80.83.0' });
});

test('a kiss-o’-death is told in words, and a server that is not set is none (RFC 5905 section 7.4)', () => {
  const request = encodeRequest(4, 1_800_000_000);
  const kissOf = (id: string) => {
    const answer = answerTo(request, 1, 1);
    answer.write(id, 12, 'latin1');
    const found = decodeAnswer(answer, request, 0, 0);
    return typeof found === 'string' ? found : kissIn(found)?.message;
  };
  expect(kissOf('RATE')).toBe("a kiss-o'-death, RATE: this host asks more often than the server allows");
  expect(kissOf('RSTR')).toBe("a kiss-o'-death, RSTR: the server refuses this host");
  expect(kissOf('XFUN')).toBe("a kiss-o'-death, XFUN: the server gives no time");
  expect(kissOf('\x7f\x7f\x01\x01')).toBeUndefined();
  expect(kissIn({ stratum: 1, referenceId: 'RATE' })).toBeUndefined();
});
