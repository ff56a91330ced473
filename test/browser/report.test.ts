/** The page of a run in a real browser: clicks, keys, print, dark screens, and hostile texts. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ladderPage } from '../../lab/reports/html/capture.ts';
import { htmlReport } from '../../lab/reports/html/report.ts';
import { namesOf } from '../../lab/wire/ladder/lanes.ts';
import { describeNeeding } from '../needs.ts';
import { parties, sample } from '../reports/ladders.ts';
import { mixed, runOf } from '../reports/runs.ts';
import { tracedRun } from '../reports/traced.ts';
import { lacksChromium, launch, openPage } from './browser.ts';
import { hostileRun, MARKER } from './hostile.ts';

/** What is cut off on a page that is open everywhere; runs there. */
const CLIPPED = `(() => {
  const box = (one) => one.getBoundingClientRect();
  const seen = (one) => box(one).width > 0;
  const all = (what, inside = document) => [...inside.querySelectorAll(what)].filter(seen);
  const scrolling = all('.scroll').filter((one) => one.scrollWidth > one.clientWidth).map((one) => 'scrolls: ' + one.className);
  const drawn = all('svg').flatMap((svg) => all('text,rect,path,line,circle', svg).map((one) => [one, box(svg)]));
  const beyond = drawn.filter(([one, { left, right }]) => box(one).left < left - 1 || box(one).right > right + 1);
  const hosts = all('.host');
  const room = (host) => box(host.querySelector('rect')).bottom - Math.max(...all('text', host).map((one) => box(one).bottom));
  const wide = (host) => Math.max(...all('text', host).map((one) => box(one).right)) > box(host.querySelector('rect')).right;
  const unfit = hosts.filter((host) => wide(host) || room(host) < 2 || room(host) > 14);
  const wrong = [...scrolling, ...beyond.map(([one]) => 'beyond: ' + one.outerHTML), ...unfit.map((host) => 'host: ' + host.textContent)];
  return { drawn: drawn.length, hosts: hosts.length, wrong };
})()`;

const SYN = 'button[data-frame="1.3"]';

describeNeeding('chromium', lacksChromium, 'the page of a run, in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  const report = htmlReport([tracedRun()]);

  test('the step that failed is open and above the others; a step opens by a click and shows its arrows', async () => {
    await using opened = await openPage(browser, report);
    const { page } = opened;
    const failed = page.locator('#r1-s2');
    expect(await failed.getAttribute('open')).not.toBeNull();
    expect(await failed.locator('.reasons .why dd').innerText()).toContain('SYN left alice');
    const held = page.locator('#r1-s1');
    expect((await failed.boundingBox())!.y).toBeLessThan((await held.boundingBox())!.y);
    expect(await held.locator(SYN).isVisible()).toBe(false);
    await held.locator('summary').first().click();
    const arrow = held.locator(`${SYN} .arrow.tcp .shaft`);
    const box = (await arrow.boundingBox())!;
    expect(box.width).toBeGreaterThan(150);
    expect(await held.locator(`${SYN} .label`).textContent()).toBe('SYN to 9000');
    expect(opened.complaints).toEqual([]);
  });

  test('a missing frame is drawn where it should have been, from the sender to the receiver', async () => {
    await using opened = await openPage(browser, report);
    const rows = await opened.page.locator('#r1-s2 .row').allInnerTexts();
    expect(rows[1]).toMatch(/missing at alice\s+tcp echo > alice SYN\+ACK/);
    const [dashed, first] = ['.missing .shaft', '.row:first-child .shaft'].map((one) =>
      opened.page.locator(`#r1-s2 ${one}`).first().boundingBox(),
    );
    expect((await dashed)!.y).toBeGreaterThan((await first)!.y);
    expect((await dashed)!.width).toBeGreaterThan(150);
  });

  test('a frame opens by a click: its layers, its bytes, and the bytes of the field that is pointed at', async () => {
    await using opened = await openPage(browser, report);
    const { page } = opened;
    await page.locator('#r1-s1>summary').click();
    await page.locator(SYN).click();
    const panel = page.locator('.opened');
    await panel.waitFor();
    expect(await panel.locator('h4').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^ethernet/), expect.stringMatching(/^tcp/)]),
    );
    const port = panel.locator('li', { hasText: 'destination port' });
    expect(await port.innerText()).toContain('9000');
    await port.hover();
    expect(await panel.locator('.hex .lit').allInnerTexts()).toEqual(['23', '28']);
    await panel.locator('.hex .b').nth(12).hover();
    expect(await panel.locator('li.lit').innerText()).toContain('0x0800');
    await page.locator(SYN).click();
    expect(await panel.count()).toBe(0);
    expect(opened.complaints).toEqual([]);
  });

  test('the keyboard alone reaches a step, its frames and their fields, and comes back', async () => {
    await using opened = await openPage(browser, report);
    const { page } = opened;
    const focused = (what: string) => page.evaluate(what) as Promise<string | undefined>;
    const frame = () => focused('document.activeElement.dataset.frame');
    for (let count = 0; count < 60; count += 1) {
      await page.keyboard.press('Tab');
      if ((await focused('document.activeElement.parentElement.id')) === 'r1-s1') break;
    }
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await frame()).toBe('1.1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await frame()).toBe('1.3');
    const outline = await focused('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await page.locator('.opened').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    expect(await focused('document.activeElement.innerText')).toMatch(/^source/);
    expect(await page.locator('.hex .lit').count()).toBe(6);
    await page.keyboard.press('Escape');
    expect(await page.locator('.opened').count()).toBe(0);
    expect(await frame()).toBe('1.3');
    await page.keyboard.press('End');
    expect(await frame()).toBe('1.12');
  });

  test('a long download is folded, and unfolds', async () => {
    await using opened = await openPage(browser, report);
    const { page } = opened;
    await page.locator('#r1-s4>summary').click();
    const fold = page.locator('#r1-s4 .folded');
    expect(await fold.locator('summary .label').textContent()).toMatch(/^\d+ segments, \d+ kB$/);
    expect(await fold.locator('ol').isVisible()).toBe(false);
    await fold.locator('summary').click();
    expect(await fold.locator('ol button').first().isVisible()).toBe(true);
  });

  test('is dark where the reader’s screen is, and white on paper', async () => {
    await using opened = await openPage(browser, report, { colorScheme: 'dark' });
    const { page } = opened;
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(16, 21, 28)');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await background()).toBe('rgb(255, 255, 255)');
  });

  test('on paper every step and fold is open, and nothing scrolls', async () => {
    await using opened = await openPage(browser, report);
    const { page } = opened;
    await page.emulateMedia({ media: 'print' });
    const last = page.locator('#r1-s5 .silence');
    expect((await last.boundingBox())!.height).toBeGreaterThan(0);
    expect((await page.locator('#r1-s4 .folded ol').boundingBox())!.height).toBeGreaterThan(100);
    const scrolling = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.scroll')].map((one) => getComputedStyle(one).overflowX)",
    );
    expect(new Set(scrolling)).toEqual(new Set(['visible']));
  });

  test('reads without a script', async () => {
    await using opened = await openPage(browser, report, { javaScriptEnabled: false });
    const { page } = opened;
    await page.locator('#r1-s1>summary').click();
    const row = page.locator('#r1-s1 .row').nth(2);
    expect(await row.isVisible()).toBe(true);
    expect(await row.textContent()).toContain('alice to echo: tcp alice:40000 > echo:9000 SYN');
  });

  test('no width of screen makes the page itself scroll sideways', async () => {
    for (const width of [320, 375, 768, 1024, 1280, 1920]) {
      await using opened = await openPage(browser, report, { viewport: { width, height: 800 } });
      await opened.page.locator('.tool').click();
      const wide = await opened.page.evaluate('document.documentElement.scrollWidth');
      expect(wide).toBeLessThanOrEqual(width);
    }
  });

  test('at 1280 pixels nothing scrolls or is drawn beyond its picture, and hosts are as high as what is in them', async () => {
    await using opened = await openPage(browser, report, { viewport: { width: 1280, height: 800 } });
    await opened.page.locator('.tool').click();
    const found = await opened.page.evaluate<{ drawn: number; hosts: number; wrong: string[] }>(CLIPPED);
    expect(found.wrong).toEqual([]);
    expect(found.drawn).toBeGreaterThan(100);
    expect(found.hosts).toBeGreaterThan(2);
  });

  test('asks nobody for anything, and its policy would refuse it', async () => {
    await using opened = await openPage(browser, report);
    const { page } = opened;
    await page.locator('.tool').click();
    await page.locator(SYN).click();
    await page.locator('.opened').waitFor();
    expect(opened.requests).toEqual([]);
    const refused = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'fetched',
        (error: Error) => error.message,
      ),
    );
    expect(refused).toBe('Failed to fetch');
    expect(opened.complaints.join()).toContain('Content Security Policy');
    expect(opened.requests).toEqual([]);
  });

  test('what frames, names and failures hold is text, whatever it looks like', async () => {
    await using opened = await openPage(browser, htmlReport([hostileRun()]));
    const { page } = opened;
    await page.locator('.tool').click();
    await page.locator('button[data-frame]').first().click();
    await page.locator('.opened').waitFor();
    expect(await page.evaluate(`typeof ${MARKER}`)).toBe('undefined');
    expect(await page.locator('img,iframe,object,embed,[onerror],[onload],script[src]').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('body').innerText()).toContain(`<script>${MARKER}=1</script>`);
    expect(opened.complaints).toEqual([]);
    expect(opened.requests).toEqual([]);
  });

  test('a run without captures has its steps and its lab, and says how to have the frames', async () => {
    await using opened = await openPage(browser, htmlReport([mixed, runOf([])]));
    const { page } = opened;
    expect(await page.locator('.run').count()).toBe(2);
    expect(await page.locator('.hint').first().innerText()).toContain('capture: all');
    expect(await page.locator('.topology.wide').first().isVisible()).toBe(true);
    expect(opened.complaints).toEqual([]);
  });

  test('a capture’s page opens its frames too', async () => {
    await using opened = await openPage(browser, ladderPage('x.pcapng', sample(), namesOf(parties)));
    await opened.page.locator(SYN).click();
    await opened.page.locator('.opened').waitFor();
    expect(await opened.page.locator('.opened .whole').innerText()).toContain('SYN');
    expect(opened.complaints).toEqual([]);
  });
});
