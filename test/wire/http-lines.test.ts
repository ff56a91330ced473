/** First lines of HTTP as lines, ladders and printed frames show them: messages by RFC 9112, made here. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describePayload } from '../../lab/wire/application/describe.ts';
import { describeHttp, readHttp } from '../../lab/wire/application/http.ts';
import { labelOf } from '../../lab/wire/ladder/label.ts';
import { compile, differences, matches } from '../../lab/wire/lines/match.ts';
import { printLine } from '../../lab/wire/lines/print.ts';
import { readLine } from '../../lab/wire/lines/read.ts';
import type { SeenFrame } from '../../lab/wire/timeline.ts';
import { ACK, CARDS, PSH, packet, timeline } from './line-frames.ts';

const tcp = (sourcePort: number, destinationPort: number) => ({
  tcp: { sourcePort, destinationPort, flags: PSH | ACK, sequence: 1, acknowledgement: 1, window: 500 },
});
const said = (from: 'alice' | 'echo', payload: string): SeenFrame => {
  const ports = from === 'alice' ? tcp(40000, 8080) : tcp(8080, 40000);
  const to = from === 'alice' ? 'echo' : 'alice';
  return timeline(packet(from, to, { ...ports, payload: Buffer.from(payload) }))[0]!;
};

const ASKED = 'GET /find?word=lan HTTP/1.1\r\nHost: echo\r\n\r\n';
const ANSWERED = 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno';
const asked = said('alice', ASKED);
const answered = said('echo', ANSWERED);
const later = said('echo', 'GET is a word of HTTP\r\n');

function pattern(text: string) {
  const { line, problems } = readLine(text);
  if (!line) throw new Error(`${text}: ${problems[0]!.message}`);
  expect(printLine(line)).toBe(text);
  const conversation = {
    protocol: 'tcp',
    local: { party: { kind: 'host', host: 'alice' }, port: 40000 },
    remote: { party: { kind: 'host', host: 'echo' }, port: 8080 },
  } as const;
  return compile(line, text, { cards: CARDS, conversation });
}

describe('a message of HTTP', () => {
  test.each([
    ['http alice > echo GET', asked],
    ['http alice > echo:8080 GET path=/find?word=lan ttl=64', asked],
    ['http * > *', asked],
    ['http echo > alice 404', answered],
    ['http echo:8080 > alice', answered],
  ])('meets %s', (text, seen) => {
    expect(matches(pattern(text), seen)).toBe(true);
  });

  test.each([
    ['http alice > echo POST', asked, 'it says GET, not POST'],
    ['http alice > echo path=/find', asked, 'it asks for /find?word=lan, not /find'],
    ['http alice > echo:80 GET', asked, 'destination port is 8080, not 80'],
    ['http echo > alice 200', answered, 'it says 404, not 200'],
    ['http echo > alice path=/', answered, 'it asks for nothing, not /'],
  ])('does not meet %s', (text, seen, why) => {
    expect(matches(pattern(text), seen)).toBe(false);
    expect(differences(pattern(text), seen)).toEqual([why]);
  });

  test('is only where its first line is', () => {
    for (const seen of [later, said('echo', 'GET / HTTP/1.1'), said('echo', 'HTTP/2 200\r\n')])
      expect(pattern('http * > *').covers(seen)).toBe(false);
    expect(pattern('tcp echo > *').covers(later)).toBe(true);
  });

  test('is on the conversation of the step, where the line names no port', () => {
    const other = timeline(packet('alice', 'echo', { ...tcp(40001, 8080), payload: Buffer.from(ASKED) }))[0]!;
    expect(matches(pattern('http alice > echo GET'), other)).toBe(false);
    expect(matches(pattern('http alice > *'), other)).toBe(true);
  });

  test('is shown by its first line', () => {
    const label = ({ frame }: SeenFrame) => labelOf(frame, (address) => address);
    expect([asked, answered].map(label)).toEqual(['GET /find?word=lan HTTP/1.1', '404 Not Found']);
    expect(describePayload(asked.frame)).toBe('GET /find?word=lan HTTP/1.1');
    expect(describePayload(later.frame)).toBe('"GET is a word of HTTP\\r\\n"');
    expect(describeHttp(Buffer.from(`GET /${'x'.repeat(200)} HTTP/1.0\r\n`))).toMatch(
      /^GET \/x{59}… HTTP\/1.0$/,
    );
    expect(describeHttp(Buffer.from('HTTP/1.1 204 \r\n'))).toBe('204');
  });
});

test('lines with wrong words or paths say what is right', () => {
  const problem = (text: string) => readLine(text).problems?.[0];
  expect(problem('http alice > echo get')).toMatchObject({ hint: 'write GET' });
  expect(problem('http alice > echo GET path=x')?.message).toBe('x is not a path');
  expect(problem('http alice > echo GET uri=/x')).toMatchObject({ hint: 'write path=/x' });
  expect(problem('http alice > echo SYN')?.allowed).toContain('GET');
});

test('cut off anywhere and with any byte changed a first line is read or not, and nothing is thrown', () => {
  const whole = fc.constantFrom(ASKED, ANSWERED);
  fc.assert(
    fc.property(whole, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 }), (message, end, at, value) => {
      const changed = Buffer.from(message);
      changed[at % changed.length] = value;
      expect(() => readHttp(changed.subarray(0, end % (changed.length + 1)))).not.toThrow();
    }),
    { numRuns: 3000 },
  );
});
