/**
 * The frames of a page, packed: the bytes and layers of each frame once, as compressed JSON. The page's script unpacks
 * them when a reader opens the first frame.
 */
import { deflateRawSync } from 'node:zlib';
import type { ExplainedField } from '../../wire/explain/field.ts';
import type { Names } from '../../wire/names.ts';
import { explainLayers } from '../../wire/print.ts';
import type { SeenFrame } from '../../wire/timeline.ts';
import { visible } from '../printable.ts';

/** `[name, value, start, end, note]` of a field; `[layer, start, end, fields]` of a layer. */
type PackedField = [string, string, number, number, string?];
type PackedLayer = [string, number, number, PackedField[]];

interface PackedFrame {
  line: string;
  /** Each place where the frame was seen. */
  seen: string[];
  /** Bytes on the wire. */
  length: number;
  /** Base64; fewer than were captured where the page has no more room. */
  bytes: string;
  captured: number;
  layers: PackedLayer[];
}

function packed({ name, value, start, end, note }: ExplainedField): PackedField {
  const plain: PackedField = [visible(name), visible(value), start, end];
  if (note !== undefined) plain.push(visible(note));
  return plain;
}

/** Bytes of frames that a page has room for. Of later frames it has only the beginning: their headers. */
const ROOM = 250_000;
const BEGINNING = 128;
/** No single frame takes more than this: a page is read, not replayed. */
const MOST_OF_ONE = 1600;

export class PackedFrames {
  readonly #frames: Record<string, PackedFrame> = {};
  #room = ROOM;

  /** `key` is the `data-frame` of the frame's row. */
  add(key: string, seen: SeenFrame, line: string, names: Names): void {
    const { frame, sightings } = seen;
    const most = Math.min(this.#room > 0 ? MOST_OF_ONE : BEGINNING, frame.bytes.length);
    this.#room -= most;
    this.#frames[key] = {
      line: visible(line),
      seen: sightings.map(({ card, number, way }) =>
        visible(`${way === 'out' ? 'left' : 'came to'} ${card.host} ${card.name}, frame ${number} there`),
      ),
      length: frame.length,
      bytes: Buffer.from(frame.bytes.subarray(0, most)).toString('base64'),
      captured: frame.bytes.length,
      layers: explainLayers(frame, names).map(({ layer, start, end, fields }) => [
        layer,
        start,
        end,
        fields.map(packed),
      ]),
    };
  }

  get count(): number {
    return Object.keys(this.#frames).length;
  }

  /** Base64 of deflate (RFC 1951) of JSON. */
  packed(): string {
    return deflateRawSync(JSON.stringify(this.#frames), { level: 9 }).toString('base64');
  }
}
