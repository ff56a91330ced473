/** Messages of IGMP in words: of a line, and of a picture. */
import {
  IGMP_LEAVE_V2,
  IGMP_QUERY,
  IGMP_REPORT_V1,
  IGMP_REPORT_V2,
  IGMP_REPORT_V3,
  type Igmp,
  type Membership,
} from './igmp.ts';

export const MEMBERSHIPS: readonly Membership[] = ['query', 'join', 'leave'];

/** Nobody's group: a query that is for all. */
export const NO_GROUP = '0.0.0.0';

/** `join 239.9.9.9`, `query`; of several groups with a comma between two; the type where there is no word. */
export function igmpWords({ type, groups }: Igmp, name: (address: string) => string = (one) => one): string {
  const words = groups.flatMap(({ says, group }) => {
    if (says === undefined) return [];
    return [group === NO_GROUP ? says : `${says} ${name(group)}`];
  });
  return words.join(', ') || `type ${type}`;
}

const TYPES: ReadonlyMap<number, string> = new Map([
  [IGMP_QUERY, 'query'],
  [IGMP_REPORT_V1, 'report of IGMPv1'],
  [IGMP_REPORT_V2, 'report of IGMPv2'],
  [IGMP_LEAVE_V2, 'leave of IGMPv2'],
  [IGMP_REPORT_V3, 'report of IGMPv3'],
]);

/** `report of IGMPv3`; undefined for a type without a word here. */
export function igmpTypeWord(type: number): string | undefined {
  return TYPES.get(type);
}
