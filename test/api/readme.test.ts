/** The example of the library in the README runs. */
import { lab } from 'lanlab';
import { expect, test } from 'vitest';
import 'lanlab/vitest';

test('the echo server answers alice in capitals, and saw her own address', async () => {
  await using net = await lab({
    lab: 'hello',
    networks: { lan: 'auto' },
    hosts: { echo: { service: 'tcp-echo', networks: ['lan'] }, alice: { networks: ['lan'] } },
  });
  await using talk = await net.host('alice').tcp('echo:9000');
  await talk.write('hello');
  await expect(talk).toReceive('HELLO');
  await expect(net.host('echo')).toHaveSeen(talk);
}, 60_000);
