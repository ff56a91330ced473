/** The English of everything that the program says: errors and their hints, causes, help, tables of the reference. */
import { expect, test } from 'vitest';
import { sentencesIn } from './english.ts';
import { messages } from './messages.ts';
import { hardIn } from './plain.ts';

const said = messages();

test('messages are found: an error, a hint, a cause, the help of an option', () => {
  const texts = said.map(({ text }) => text);
  expect(texts).toContain('CODE needs the key `CODE`');
  expect(texts).toContain('write a port from 1 to 65535, or tcp or udp and the ports below it');
  expect(texts).toContain('CODE has no route back to CODE');
  expect(texts).toContain('say what would change, and do nothing');
});

test('every message is in plain English', () => {
  const hard = said.flatMap(({ at, text }) =>
    hardIn(text.split('\n').flatMap(sentencesIn)).map((why) => `${at} ${why}`),
  );
  expect(hard).toEqual([]);
});
