/** The documentation site: VitePress over the pages that site/write.ts has written, in two languages, with a search. */
import type { ShikiTransformer } from 'shiki';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { anchor } from '../anchor.ts';
import { chineseNavigation, navigation } from '../navigation.ts';
import { pagesOfSite } from '../pages.ts';

const pages = pagesOfSite();
/** The workflow that publishes the site has it from GitHub. */
const repository = process.env.GITHUB_REPOSITORY;

/** Marks the lines that a reader types: those that begin with a prompt. */
const commands: ShikiTransformer = {
  line(line, number) {
    const [first] = this.tokens[number - 1] ?? [];
    if (this.options.lang === 'console' && first?.content.startsWith('$'))
      this.addClassToHast(line, 'command');
  },
};

export default defineConfig({
  title: 'lanlab',
  description: 'A network lab in one file: real hosts, real kernels, and what held on the wire.',
  srcDir: 'pages',
  outDir: 'dist',
  cacheDir: '.cache',
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // The tutorial is one page.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  markdown: {
    // A link to a heading works as it does on GitHub.
    anchor: { slugify: anchor },
    // These leave what a command printed in the colour of text.
    theme: { light: 'light-plus', dark: 'dark-plus' },
    codeTransformers: [commands],
  },
  themeConfig: {
    // Most pages are in one language: the menu of languages leads to the first page of the other.
    i18nRouting: false,
    outline: { level: [2, 3] },
    ...(repository && { socialLinks: [{ icon: 'github', link: `https://github.com/${repository}` }] }),
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          options: { tokenize: words },
          // One letter in ten may be another: `give` is not `five`.
          searchOptions: { combineWith: 'AND', fuzzy: 0.1 },
        },
        locales: { 'zh-CN': { translations: searchInChinese() } },
      },
    },
  },
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      themeConfig: {
        nav: [
          { text: 'Tutorial', link: '/tutorial' },
          { text: 'Reference', link: '/reference' },
          { text: 'Library', link: '/library' },
        ],
        sidebar: navigation(pages),
      },
    },
    'zh-CN': {
      label: '简体中文',
      lang: 'zh-CN',
      description: '一个文件里的网络实验室：真实的主机，真实的内核，以及线路上发生了什么。',
      themeConfig: {
        nav: [
          { text: '教程', link: '/zh-CN/tutorial' },
          { text: '参考手册（英文）', link: '/reference' },
        ],
        sidebar: chineseNavigation(pages),
        ...labelsInChinese(),
      },
    },
  },
});

/**
 * The words of a text. `give_up` is one of them. Chinese has no spaces, so there each pair of neighbours is a word.
 * The browser runs this function too, so it uses nothing from outside.
 */
function words(text: string): string[] {
  return text.split(/(?:(?!_)[\s\p{P}\p{S}])+/u).flatMap((part) =>
    (part.match(/\p{Script=Han}+|\P{Script=Han}+/gu) ?? []).flatMap((run) => {
      if (run.length < 3 || !/\p{Script=Han}/u.test(run)) return [run];
      return Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2));
    }),
  );
}

function labelsInChinese(): DefaultTheme.Config {
  return {
    outline: { level: [2, 3], label: '本页目录' },
    docFooter: { prev: '上一页', next: '下一页' },
    darkModeSwitchLabel: '外观',
    lightModeSwitchTitle: '切换到浅色',
    darkModeSwitchTitle: '切换到深色',
    sidebarMenuLabel: '目录',
    returnToTopLabel: '回到顶部',
    langMenuLabel: '语言',
    skipToContentLabel: '跳到正文',
    notFound: {
      title: '没有这一页',
      quote: '这个地址没有页面。',
      linkText: '回到首页',
      linkLabel: '回到首页',
    },
  };
}

function searchInChinese(): NonNullable<DefaultTheme.LocalSearchOptions['translations']> {
  return {
    button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
    modal: {
      displayDetails: '显示详细内容',
      resetButtonTitle: '清除',
      backButtonTitle: '关闭',
      noResultsText: '没有找到：',
      footer: { selectText: '打开', navigateText: '移动', closeText: '关闭' },
    },
  };
}
