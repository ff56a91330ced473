/** A download of 200 MB over a network that loses 5 % of all frames and is cut for 2 s on the way: the file arrives whole, on namespaces. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lab } from 'lanlab';
import { expect, onTestFinished, test } from 'vitest';
import { engineNamed } from '../../lab/engines/index.ts';
import { describeNeeding } from '../needs.ts';

const BYTES = 200_000_000;
const CUT_FOR = 2000;
const LAB = `lab: download
networks: { lan: { subnet: 10.219.1.0/24, link: { loss: 5%, seed: 14 } } }
hosts:
  files: { service: files, networks: [lan] }
  alice: { networks: [lan] }
`;

const { lacking } = await engineNamed('netns').probe();

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'a long download', () => {
  test('arrives whole across loss and a cut', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanlab-download-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'download.yaml');
    writeFileSync(file, LAB);
    await using net = await lab(file, { engine: 'netns' });
    const files = net.host('files');
    const alice = net.host('alice');
    const made = await files.exec(
      `head -c ${BYTES} /dev/urandom > /srv/files/big.bin; sha256sum < /srv/files/big.bin`,
      { giveUp: 60_000 },
    );
    expect(made.exit).toBe(0);
    const began = performance.now();
    const download = alice.download('files', 'big.bin', { giveUp: 1_800_000 });
    const came = `awk '/eth0:/ { print $2 }' /proc/net/dev`;
    await alice.exec(`until [ $(${came}) -gt ${BYTES / 4} ]; do sleep 0.05; done`, { giveUp: 900_000 });
    {
      await using _ = await net.cut('alice', 'files');
      await sleep(CUT_FOR);
    }
    const { bytes, sha256 } = await download;
    console.log(`${BYTES} bytes in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    expect(bytes).toBe(BYTES);
    expect(made.stdout).toContain(sha256);
  }, 1_800_000);
});
