/** The keys of TLS in a file of captured frames: Wireshark reads with them what a step and its server said. */
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { captureReport } from '../../lab/reports/capture.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';
import { readWhole } from '../wire/read-whole.ts';
import { Files, fieldsOf, lackingShark } from '../wire/shark.ts';

const LAB = `
lab: keys
networks: { lan: 10.144.1.0/24 }
hosts:
  web: { service: files, tls: true, networks: [lan], files: { /srv/files/hello: hello } }
  alice: { networks: [lan] }
steps:
  - { at: alice, http: { to: "https://web", requests: [{ path: /hello }, { path: /none, status: 404 }] } }
  - { name: nobody whom it trusts, at: alice, http: { to: "https://web", ca: /etc/hosts }, expect: { fails: untrusted } }
`;

/** The type of a message of the handshake. */
const CERTIFICATE = '11';

const engine = netnsEngine();
const lacking = lackingShark() ?? (await engine.probe()).lacking?.why;

describeNeeding('tshark', lacking, 'a file of captured frames', () => {
  test('shows what was said over TLS where it has the keys, and only there', async () => {
    const { signal } = new AbortController();
    const run = await runScenario(loadScenario(LAB, 'keys.yaml', vocabulary), {
      engine,
      signal,
      capture: true,
    });
    expect(run.failed).toBe(0);
    using files = new Files();
    const bytes = { with: captureReport([run], true), without: captureReport([run]) };
    expect(Buffer.from(bytes.without).includes('TRAFFIC_SECRET')).toBe(false);
    const seen = (file: string) => {
      const rows = fieldsOf(file, [
        'http.request.uri',
        'http.response.code',
        'tls.handshake.type',
        'tcp.stream',
      ]);
      const all = (column: number) => new Set(rows.flatMap((row) => row[column]!.split(',')).filter(Boolean));
      const shown = rows.filter((row) => row[2]!.split(',').includes(CERTIFICATE));
      return { asked: all(0), status: all(1), messages: all(2), shown: new Set(shown.map((row) => row[3])) };
    };
    const decrypted = seen(files.write('with.pcapng', bytes.with));
    expect(decrypted.asked).toEqual(new Set(['/hello', '/none']));
    expect(decrypted.status).toEqual(new Set(['200', '404']));
    // A certificate, which TLS 1.3 encrypts (RFC 8446 section 4.4.2): of the session that was not trusted, too.
    expect(decrypted.shown.size).toBe(2);
    const encrypted = seen(files.write('without.pcapng', bytes.without));
    expect(encrypted.asked.size + encrypted.status.size).toBe(0);
    expect([...encrypted.messages].toSorted()).toEqual(['1', '2']);
    expect(readWhole(bytes.with).frames).toEqual(readWhole(bytes.without).frames);
  }, 60_000);
});
