/** Every field of every layer with the bytes it lies in, for a page that shows both. */
import { describePayload } from '../application/describe.ts';
import type { Frame, Layer } from '../frame.ts';
import { type Names, noNames } from '../names.ts';
import { type ExplainedField, field } from './field.ts';
import { explainIcmp, explainIcmpv6 } from './icmp.ts';
import { explainIgmp } from './igmp.ts';
import { explainExtension, explainIpv4, explainIpv6 } from './ip.ts';
import { explainArp, explainEthernet, explainVlan } from './link.ts';
import { explainOtherLink } from './other-links.ts';
import { explainTcp, explainUdp } from './transport.ts';

export type { ExplainedField } from './field.ts';

export interface ExplainedLayer {
  /** `ethernet`, `tcp`…; `payload` and `padding` for the bytes after the last header. */
  layer: string;
  start: number;
  end: number;
  fields: ExplainedField[];
}

/** Outermost first; notes have the names of hosts where `names` has them. */
export function explainLayers(frame: Frame, names: Names = noNames): ExplainedLayer[] {
  const layers = frame.layers.map((layer) => ({
    layer: layer.kind,
    start: layer.start,
    end: layer.end,
    fields: fieldsOf(frame, layer, names),
  }));
  return [...layers, ...explainPayload(frame)];
}

function fieldsOf(frame: Frame, layer: Layer, names: Names): ExplainedField[] {
  switch (layer.kind) {
    case 'ethernet':
      return explainEthernet(frame, layer, names);
    case 'vlan':
      return explainVlan(layer);
    case 'arp':
      return explainArp(frame, layer, names);
    case 'ipv4':
      return explainIpv4(frame, layer, names);
    case 'ipv6':
      return explainIpv6(layer, names);
    case 'extension':
      return explainExtension(frame, layer);
    case 'icmp':
      return explainIcmp(frame, layer);
    case 'icmpv6':
      return explainIcmpv6(frame, layer, names);
    case 'igmp':
      return explainIgmp(frame, layer);
    case 'udp':
      return explainUdp(frame, layer);
    case 'tcp':
      return explainTcp(frame, layer);
    default:
      return explainOtherLink(frame, layer, names);
  }
}

function explainPayload(frame: Frame): ExplainedLayer[] {
  const { payload, bytes } = frame;
  return [
    ...bytesAs('payload', payload.start, payload.end, describePayload(frame)),
    ...bytesAs('padding', payload.end, bytes.length),
  ];
}

function bytesAs(layer: string, start: number, end: number, note?: string): ExplainedLayer[] {
  if (start >= end) return [];
  const length = end - start;
  const fields = [field('bytes', start, length, length, note)];
  return [{ layer, start, end, fields }];
}
