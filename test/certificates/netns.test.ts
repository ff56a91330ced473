/** The certificates of a lab that is up: who has which, and what becomes of them when hosts come, change and move. */
import { X509Certificate } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { changeLab } from '../../lab/daemon/change.ts';
import { diffPlans } from '../../lab/daemon/diff.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { moveHost } from '../../lab/live/move.ts';
import { bringUp, type LiveLab } from '../../lab/live/up.ts';
import { TLS_FILES, type TlsFile } from '../../lab/model/tls.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

const WEB = '{ service: files, tls: true, networks: { lan: 10.144.2.10 } }';
const lab = (hosts: string) =>
  loadScenario(
    `lab: certificates\nnetworks: { lan: 10.144.2.0/24, den: 10.144.3.0/24 }\nhosts: ${hosts}\nsteps: []\n`,
    'certificates.yaml',
    vocabulary,
  );
const FIRST = lab(`{ web: ${WEB}, alice: { networks: [lan] }, den: { networks: [den] } }`);

const engine = netnsEngine();
const options = { progress: () => {}, signal: new AbortController().signal };

async function up(): Promise<LiveLab> {
  const live = await bringUp(planScenario(FIRST), engine, options);
  onTestFinished(() => live[Symbol.asyncDispose]());
  return live;
}

async function file(live: LiveLab, host: string, kind: TlsFile): Promise<string> {
  const request = { argv: ['cat', TLS_FILES[kind]], giveUp: 20_000 };
  const { stdout, exit } = await live.hosts.get(host)!.agent.exec(request);
  return exit === 0 ? Buffer.from(stdout).toString() : 'none';
}

const certificate = async (live: LiveLab, host: string) =>
  new X509Certificate(await file(live, host, 'certificate'));

describeNeeding('netns', (await engine.probe()).lacking?.why, 'the certificates of a lab', () => {
  test('every host has the CA, and one with `tls` its own certificate; the plan has no key', async () => {
    const live = await up();
    const ca = await file(live, 'alice', 'ca');
    expect(await file(live, 'web', 'ca')).toBe(ca);
    expect((await certificate(live, 'web')).verify(new X509Certificate(ca).publicKey)).toBe(true);
    expect(await file(live, 'web', 'key')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    for (const kind of ['certificate', 'key'] as const) expect(await file(live, 'alice', kind)).toBe('none');
    expect(JSON.stringify(live.plan)).not.toContain('BEGIN');
    expect(JSON.stringify([...live.hosts.values()].map(({ plan }) => plan))).not.toContain('BEGIN');
  });

  test('two labs of one scenario trust nobody in common', async () => {
    const [one, other] = [await up(), await up()];
    const ca = new X509Certificate(await file(other, 'alice', 'ca'));
    expect((await certificate(one, 'web')).verify(ca.publicKey)).toBe(false);
  });

  test('a host that comes later is signed by the same CA, and the others keep their certificates', async () => {
    const live = await up();
    const before = await file(live, 'web', 'certificate');
    const mail = '{ service: files, tls: true, networks: { lan: 10.144.2.11 } }';
    const to = planScenario(
      lab(`{ web: ${WEB}, alice: { networks: [lan] }, den: { networks: [den] }, mail: ${mail} }`),
    );
    const diff = diffPlans(live.plan, to);
    expect(diff.hosts.changed).toEqual([]);
    await changeLab(live, diff, options);
    expect(await file(live, 'web', 'certificate')).toBe(before);
    const ca = new X509Certificate(await file(live, 'alice', 'ca'));
    expect((await certificate(live, 'mail')).verify(ca.publicKey)).toBe(true);
  });

  test('a host whose address is another one gets a certificate for it', async () => {
    const live = await up();
    const moved = '{ service: files, tls: true, networks: { lan: 10.144.2.20 } }';
    const to = planScenario(lab(`{ web: ${moved}, alice: { networks: [lan] }, den: { networks: [den] } }`));
    await changeLab(live, diffPlans(live.plan, to), options);
    const now = await certificate(live, 'web');
    expect([now.checkIP('10.144.2.20'), now.checkIP('10.144.2.10')]).toEqual(['10.144.2.20', undefined]);
  });

  test('a host that is moved keeps its certificate, and its program may start again', async () => {
    const live = await up();
    const before = await file(live, 'web', 'certificate');
    await moveHost(live, FIRST, { host: 'web', from: 'lan', to: 'den', addresses: [] });
    const web = live.hosts.get('web')!;
    await web.program!.signal('SIGTERM');
    await web.program!.ended;
    await web.start();
    expect(await file(live, 'web', 'certificate')).toBe(before);
    expect(web.plan.tls).toEqual({ names: ['web', 'web.lan'], addresses: ['10.144.2.10'] });
    const [filled] = await live.certificates.fill([web.plan]);
    expect(filled!.files.find(({ made }) => made === 'certificate')?.content).toEqual({ text: before });
  });
});
