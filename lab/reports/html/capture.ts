/** A capture file's ladder as a page. */
import type { Ladder } from '../../wire/ladder/ladder.ts';
import type { Names } from '../../wire/names.ts';
import { tag } from '../markup.ts';
import { plural } from '../printable.ts';
import { PackedFrames } from './frames.ts';
import { ladderMarkup } from './ladder.ts';
import { htmlPage } from './page.ts';

/** `title` is the file's name. */
export function ladderPage(title: string, ladder: Ladder, names: Names): string {
  const frames = new PackedFrames();
  const lanes = ladder.lanes.map(({ name }) => name).join(', ');
  const drawn = ladderMarkup(ladder, { label: `Frames of ${title}`, prefix: '1.', frames, names });
  return htmlPage(
    title,
    frames,
    tag(
      'header',
      {},
      tag('h1', {}, title),
      tag('p', { class: 'about' }, `${plural(ladder.frames, 'frame')}: ${lanes}`),
    ),
    tag('section', { class: 'alone scroll' }, drawn),
    tag('footer', {}, 'Made by lanlab. This page is whole: it loads nothing.'),
  );
}
