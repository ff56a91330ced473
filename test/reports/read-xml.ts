/** Enough of a reader of XML 1.0 to say whether a document is well-formed, and what is in it. */

export interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
  text: string;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Section 2.2, Char. */
const CHARACTERS = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;
const TOKEN = /<(\/?)([\w.-]+)((?:\s+[\w.-]+="[^"<]*")*)(\/?)>|([^<]+)/y;

/** Throws where the document is not well-formed. */
export function readXml(xml: string): Node {
  if (!CHARACTERS.test(xml)) throw new Error('a character that XML cannot carry');
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const top: Node = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < body.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(body);
    if (!token) throw new Error(`no markup: ${body.slice(at, at + 40)}`);
    take(token, open);
  }
  if (open.length !== 1 || top.children.length !== 1) throw new Error('not one element');
  return top.children[0]!;
}

function take([, closing, name, attributes, empty, text]: RegExpExecArray, open: Node[]): void {
  const current = open.at(-1)!;
  if (text !== undefined) current.text += decode(text);
  else if (closing) {
    if (current.name !== name) throw new Error(`</${name}> closes <${current.name}>`);
    open.pop();
  } else {
    const node: Node = { name: name!, attributes: attributesOf(attributes!), children: [], text: '' };
    current.children.push(node);
    if (!empty) open.push(node);
  }
}

function attributesOf(written: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, key, value] of written.matchAll(/([\w.-]+)="([^"]*)"/g)) {
    if (found[key!] !== undefined) throw new Error(`${key} is there twice`);
    // Section 3.3.3: what stands there as white space is a space.
    found[key!] = decode(value!.replaceAll(/[\t\n\r]/g, ' '));
  }
  return found;
}

function decode(text: string): string {
  if (text.includes(']]>')) throw new Error('the end of a CDATA section in text');
  return text.replaceAll(/&(?:#(\d+);|(\w+);)?/g, (whole, code?: string, name?: string) => {
    if (code !== undefined) return String.fromCodePoint(Number(code));
    const character = ENTITIES[name ?? ''];
    if (character === undefined) throw new Error(`no entity: ${whole}`);
    return character;
  });
}
