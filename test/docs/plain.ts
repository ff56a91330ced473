/** What plain English is here: short sentences, a subject before its verb, and one word for one thing. */

const LONGEST = 30;

/** What is not written, and what is written for it. */
const INSTEAD: [RegExp, string][] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix or repair; what an error advises is its hint'],
  [/\bslips? of the pen\b/i, 'mistake'],
  [/\blikewise\b/i, 'too, or the same'],
  [/\banew\b/i, 'again'],
  [/\bput (it |this |them )?right\b/i, 'correct'],
  [/\bthere is no right to\b/i, 'permission denied'],
  [/\b(says|knows|takes|needs) not\b/i, 'does not say'],
  [/\bdone at no\b/i, 'takes no'],
  [
    /(`|CODE|\blist) is no (host|field|word|step|cable|protocol|MAC|number|name|address|pattern|folder|gateway|state)\b/,
    'is not a',
  ],
  [/, and (`[^`]*`|\w+) is none\b/, 'is not, and the noun again'],
  [/\b(whoever|whomever|whosoever)\b/i, 'the client that, everybody who'],
  [/\bto who\b/i, 'to the client that'],
  [/\b(thereof|therein|whereof|wherein|hereby|thereby|herein)\b/i, 'of it, in it, by this'],
  [/\b(lest|whilst|albeit|ere|nought|aught)\b/i, 'so that not, while, although, before, nothing'],
  [/\bin (its|their|his|her) stead\b/i, 'instead'],
  [/\b(forthwith|henceforth|hitherto)\b/i, 'at once, from now on, until now'],
  [/\b(save|but) for\b/i, 'except'],
  [/\b(for want|in lieu) of\b/i, 'because there is no, instead of'],
  [/\b(per se|viz|vice versa|ergo)\b/i, 'English words'],
  [/\b(e\.g\.|i\.e\.|etc\.)/i, 'for example, that is, and so on'],
  [/\b(obviously|of course|simply|trivially|just works)\b/i, 'nothing: it helps nobody'],
  [/\b(utili[sz]e|leverage)/i, 'use'],
  [/\b(seamless|robust|powerful|blazing)/i, 'a fact'],
  [/\bUDP (packet|segment)s?\b/, 'datagram'],
  [/\bTCP (packet|datagram)s?\b/, 'segment'],
  [/\bEthernet (packet|datagram)s?\b/, 'frame'],
  [/\bneighbors?\b/i, 'neighbour'],
];

/** A clause in the place of the subject: `What is sent to it is lost.` A question may begin so. */
const CLAUSE_FIRST = /(^|; )(What|Who|Whom|Whatever|Whoever|Whichever)\b(?!.*\?)/i;

/** What a reader has to read twice in these sentences, each with the reason. */
export function hardIn(sentences: string[]): string[] {
  return sentences.flatMap((sentence) => {
    const words = sentence.split(/\s+/).length;
    return [
      ...(words > LONGEST ? [`${words} words, at most ${LONGEST}: ${sentence}`] : []),
      ...(CLAUSE_FIRST.test(sentence) ? [`a clause is the subject: ${sentence}`] : []),
      ...INSTEAD.flatMap(([word, instead]) => {
        const [there] = word.exec(sentence) ?? [];
        return there === undefined ? [] : [`${there}: write ${instead}: ${sentence}`];
      }),
    ];
  });
}
