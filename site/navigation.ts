/** What stands beside each page of the site: all pages in groups, by their headings. */

interface Item {
  text: string;
  link: string;
}

export interface Group {
  text: string;
  collapsed: boolean;
  items: Item[];
}

type Pages = ReadonlyMap<string, string | Buffer>;

/** A page by its place, with what it is called where that is not its heading. */
type Entry = string | [place: string, text: string];

/** The chapters of the reference that have a page for each word. */
const WORDS = ['Steps', 'Faults', 'Expectations'];

export function navigation(pages: Pages): Group[] {
  const group = grouping(pages);
  const inside = (folder: string) => [...pages.keys()].filter((place) => place.startsWith(folder)).sort();
  const words = pagesByChapter(pages, 'reference.md');
  const reference = ['hosts', 'link', 'programs', 'commands', 'controls'].map(
    (name) => `reference/${name}.md`,
  );
  const scenarios = inside('scenarios/').filter((place) => /^\d\d-/.test(fileName(place)));

  const groups = [
    group('Start here', [['index.md', 'What lanlab is'], 'tutorial.md', 'why.md', 'glossary.md']),
    group('Reference', ['reference.md', ...reference]),
    ...WORDS.map((chapter) => group(chapter, words.get(chapter) ?? [], true)),
    group('From TypeScript', ['library.md', 'own-words.md']),
    group('What holds', ['limitations.md', 'limits.md', 'isolation.md', 'performance.md', 'claims.md']),
    group(
      'Scenarios',
      scenarios.map((place): Entry => [place, fileName(place)]),
      true,
    ),
    group('Decisions', inside('decisions/'), true),
  ];
  const placed = new Set(groups.flatMap(({ items }) => items.map(({ link }) => link)));
  const others = [...pages.keys()].filter((place) => isOfDocs(place) && !placed.has(linkTo(place)));
  return [...groups, group('More', others.sort())];
}

export function chineseNavigation(pages: Pages): Group[] {
  const group = grouping(pages);
  return [
    group('从这里开始', [['zh-CN/index.md', 'lanlab 是什么'], 'zh-CN/tutorial.md']),
    group('英文页面', [
      ['reference.md', '参考手册'],
      ['reference/commands.md', '命令'],
      ['library.md', '库'],
      ['why.md', '步骤为什么失败'],
      ['glossary.md', '术语表'],
      ['limitations.md', '它做不到什么'],
      ['scenarios/index.md', '场景'],
    ]),
  ];
}

function grouping(pages: Pages): (text: string, entries: Entry[], collapsed?: boolean) => Group {
  return (text, entries, collapsed = false) => ({
    text,
    collapsed,
    items: entries.map((entry) => {
      const [place, name] = typeof entry === 'string' ? [entry, titleOf(pages, entry)] : entry;
      return { text: name, link: linkTo(place) };
    }),
  });
}

/** `/why` for `why.md`, `/scenarios/` for `scenarios/index.md`. */
export function linkTo(place: string): string {
  return `/${place.replace(/(index)?\.md$/, '')}`;
}

/** Chapter by chapter, the pages that a page leads to; each stands where it comes first. */
function pagesByChapter(pages: Pages, place: string): Map<string, string[]> {
  const seen = new Set<string>();
  const chapters = textOf(pages, place).split(/^## /m).slice(1);
  return new Map(
    chapters.map((chapter) => {
      const targets = [...chapter.matchAll(/\]\(([^)#]+\.md)[^)]*\)/g)].map(([, target]) => target!);
      const first = targets.filter((target) => !seen.has(target) && seen.add(target));
      return [chapter.split('\n', 1)[0]!, first];
    }),
  );
}

function titleOf(pages: Pages, place: string): string {
  const title = /^# (.*)$/m.exec(textOf(pages, place))?.[1];
  if (title === undefined) throw new Error(`${place} has no heading`);
  return title.replaceAll('`', '');
}

function textOf(pages: Pages, place: string): string {
  const text = pages.get(place);
  if (typeof text !== 'string') throw new Error(`the site has no page ${place}`);
  return text;
}

/** The pages that are in docs/ itself or in its reference, and those at the root of the repository. */
function isOfDocs(place: string): boolean {
  return /^(reference\/)?[^/]+\.md$/.test(place);
}

function fileName(place: string): string {
  return place.replace(/^.*\//, '').replace(/\.md$/, '');
}
