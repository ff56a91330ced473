/** Lines of IRC as lines of wire, ladders and printed frames show them: messages by RFC 2812, made here. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describePayload } from '../../lab/wire/application/describe.ts';
import { describeIrc, readIrc } from '../../lab/wire/application/irc.ts';
import { labelOf } from '../../lab/wire/ladder/label.ts';
import { compile, differences, matches } from '../../lab/wire/lines/match.ts';
import { printLine } from '../../lab/wire/lines/print.ts';
import { readLine } from '../../lab/wire/lines/read.ts';
import type { SeenFrame } from '../../lab/wire/timeline.ts';
import { ACK, CARDS, PSH, packet, timeline } from './line-frames.ts';

const tcp = (sourcePort: number, destinationPort: number) => ({
  tcp: { sourcePort, destinationPort, flags: PSH | ACK, sequence: 1, acknowledgement: 1, window: 500 },
});
const said = (from: 'alice' | 'echo', payload: string, port = 6667): SeenFrame => {
  const ports = from === 'alice' ? tcp(40000, port) : tcp(port, 40000);
  const to = from === 'alice' ? 'echo' : 'alice';
  return timeline(packet(from, to, { ...ports, payload: Buffer.from(payload) }))[0]!;
};

const line = said('alice', 'PRIVMSG #lan :hello bob\r\n');
const two = said('alice', 'NICK alice\r\nUSER alice 0 * :Alice\r\n');
const welcome = said('echo', ':chat.lanlab 001 alice :Welcome\r\n');
const heard = said('echo', ':bob!~bob@10.0.0.3 PRIVMSG #lan :hi\r\n');
const elsewhere = said('alice', 'PRIVMSG #lan :hello bob\r\n', 7000);

function pattern(text: string) {
  const { line, problems } = readLine(text);
  if (!line) throw new Error(`${text}: ${problems[0]!.message}`);
  expect(printLine(line)).toBe(text);
  return compile(line, text, { cards: CARDS });
}

describe('a line of IRC', () => {
  test.each([
    ['irc alice > echo PRIVMSG to=#lan', line],
    ['irc alice > echo:6667 PRIVMSG says="hello bob"', line],
    ['irc alice > echo NICK says="alice"', two],
    ['irc alice > echo USER', two],
    ['irc echo > alice 001 to=alice', welcome],
    ['irc echo:6667 > * PRIVMSG says="hi"', heard],
  ])('meets %s', (text, seen) => {
    expect(matches(pattern(text), seen)).toBe(true);
  });

  test.each([
    ['irc alice > echo JOIN', line, 'it says PRIVMSG, not JOIN'],
    ['irc alice > echo JOIN', two, 'it says NICK and USER, not JOIN'],
    ['irc alice > echo PRIVMSG to=#den', line, 'it is to "#lan", not "#den"'],
    ['irc alice > echo PRIVMSG says="bye"', line, 'it says "hello bob", not "bye"'],
    ['irc echo > alice 433', welcome, 'it says 001, not 433'],
  ])('does not meet %s', (text, seen, why) => {
    expect(matches(pattern(text), seen)).toBe(false);
    expect(differences(pattern(text), seen)).toEqual([why]);
  });

  test('is on its port alone, and whole', () => {
    const broken = said('alice', 'PRIVMSG #lan :hel');
    for (const seen of [elsewhere, broken, said('alice', 'hello\r\n')])
      expect(pattern('irc * > *').covers(seen)).toBe(false);
  });

  test('is shown with its parameters', () => {
    const label = ({ frame }: SeenFrame) => labelOf(frame, (address) => address);
    expect([line, two, welcome, heard].map(label)).toEqual([
      'PRIVMSG #lan :hello bob',
      'NICK alice and 1 more',
      '001 alice',
      'PRIVMSG #lan hi',
    ]);
    expect(describePayload(line.frame)).toBe('irc PRIVMSG #lan :hello bob');
    expect(describePayload(elsewhere.frame)).toBe('"PRIVMSG #lan :hello bob\\r\\n"');
    expect(describeIrc(Buffer.from(`PRIVMSG #lan :${'x '.repeat(200)}\r\n`))).toMatch(/^irc PRIVMSG .{52}…$/);
  });
});

test('lines with wrong words or fields say what is right', () => {
  const problem = (text: string) => readLine(text).problems?.[0];
  expect(problem('irc alice > echo privmsg')).toMatchObject({ hint: 'write PRIVMSG' });
  expect(problem('irc alice > echo GET')?.allowed).toContain('PRIVMSG');
  expect(problem('tcp alice > echo to=#lan')).toMatchObject({ hint: 'it goes with irc' });
});

test('cut off anywhere and with any byte changed lines are read or not, and nothing is thrown', () => {
  const whole = Buffer.from(':a!b@c PRIVMSG #lan :hello\r\n@t=1 PING :x\r\n001 a b c\n');
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(255), (end, at, value) => {
      const changed = Buffer.from(whole);
      changed[at % changed.length] = value;
      expect(() => readIrc(changed.subarray(0, end % (changed.length + 1)))).not.toThrow();
    }),
    { numRuns: 3000 },
  );
});
