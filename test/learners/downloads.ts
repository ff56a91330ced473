/** P7 and P8: a file by its name, and a file for whoever connects. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { materialise } from '../../lab/model/bytes.ts';
import { type Ground, labOf, printed, serves, textOf, types } from './learner.ts';

const BIG = { random: 5_000_000, seed: 'learners' };
const NOTE = 'A note.\nAnd 你好.';

export function downloads(ground: Ground): void {
  const at = (last: number) => `${ground.net}.2.${last}`;
  const files = `${at(13)} 9000`;
  const asks = (name: string, then: string) =>
    types(ground, `python3 download.py ${files} ${name} /tmp/copy && ${then} /tmp/copy`);
  const here = labOf(ground, 2, {
    alice: [21, asks('note.txt', 'cat')],
    bob: [22, asks('big.bin', 'sha256sum')],
    carol: [23, asks('nothing.txt', 'wc -c')],
    dora: [24, types(ground, `python3 download_once.py ${files} big.bin`)],
    eve: [25, types(ground, `python3 take_file.py ${at(13)} 9001`)],
    frank: [26, types(ground, `python3 take_file.py ${at(14)} 8000`)],
    greta: [27, types(ground, `python3 greet_client.py ${at(13)} 9001`)],
    giver: [14, serves(ground, `python3 give_file.py '' 8000 give_file.py`)],
    files: [
      13,
      {
        service: 'files',
        env: { GREETING_FILE: '/srv/files/note.txt' },
        files: { '/srv/files/note.txt': NOTE, '/srv/files/big.bin': BIG },
      },
    ],
  });
  const events = () => here.net.host('files').events;
  const from = (last: number) => ({ peer: { address: at(last) } });

  describe('P7: a client that sends a name without a newline, and waits', () => {
    test('keeps a copy of the file', async () => {
      const size = Buffer.byteLength(NOTE);
      expect(await printed(here.net, 'alice')).toEqual([`got ${size} bytes`, ...NOTE.split('\n')]);
      expect(events().all({ event: 'receive', ...from(21) })).toMatchObject([{ text: 'note.txt', bytes: 8 }]);
    });

    test('keeps five megabytes, every byte right, 1024 at a time', async () => {
      const hash = createHash('sha256').update(materialise(BIG)).digest('hex');
      expect(await printed(here.net, 'bob')).toEqual(['got 5000000 bytes', `${hash}  /tmp/copy`]);
    });

    test('gets nothing for a file that is not there, and does not wait for ever', async () => {
      expect(await printed(here.net, 'carol')).toEqual(['got 0 bytes', '0 /tmp/copy']);
      expect(events().all({ event: 'refuse', ...from(23) })).toMatchObject([{ reason: 'missing' }]);
    });

    test('has 1024 bytes of many if it reads once, and the server is told that it left', async () => {
      expect(await printed(here.net, 'dora')).toEqual(['got 1024 bytes']);
      expect(await events().first({ event: 'close', ...from(24) })).toMatchObject({ by: 'reset' });
    });
  });

  describe('P8: whoever connects is sent the file', () => {
    test('by our server', async () => {
      expect(await printed(here.net, 'eve')).toEqual(NOTE.split('\n'));
    });

    test('by our server also with a greeting first, which makes it the P1 of a client that greets', async () => {
      expect(await printed(here.net, 'greta')).toEqual(NOTE.split('\n'));
      expect(await events().first({ event: 'close', ...from(27) })).toMatchObject({ received: 5 });
    });

    test('by the tutorial’s own server, which saw the client’s address and goes on', async () => {
      const content = textOf('give_file.py');
      expect(await printed(here.net, 'frank')).toEqual(content.trimEnd().split('\n'));
      await using again = await here.net.host('eve').tcp('giver:8000');
      expect(await again.text()).toBe(content);
      const told = ['waiting', `sent to ${at(26)}`, `sent to ${at(25)}`];
      await expect.poll(() => here.net.host('giver').words).toEqual(told);
    });
  });
}
