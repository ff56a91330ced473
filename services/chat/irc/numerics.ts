/** The numeric replies (RFC 2812 section 5) that have a text of their own, which is their last parameter. */

/** Has a dot, so that no person can have the same name. */
export const SERVER = 'chat.lanlab';

export const TEXTS = {
  315: 'End of WHO list',
  318: 'End of WHOIS list',
  323: 'End of LIST',
  331: 'No topic is set',
  366: 'End of NAMES list',
  368: 'End of channel ban list',
  376: 'End of MOTD command',
  401: 'No such nick/channel',
  403: 'No such channel',
  404: 'Cannot send to channel',
  405: 'You have joined too many channels',
  407: 'Too many recipients',
  409: 'No origin specified',
  411: 'No recipient given',
  412: 'No text to send',
  417: 'Input line was too long',
  421: 'Unknown command',
  431: 'No nickname given',
  432: 'Erroneous nickname',
  433: 'Nickname is already in use',
  442: "You're not on that channel",
  451: 'You have not registered',
  461: 'Not enough parameters',
  462: 'Unauthorized command (already registered)',
  482: "You're not channel operator",
  501: 'Unknown MODE flag',
  502: 'Cannot change mode for other users',
} as const satisfies Record<number, string>;
export type Texted = keyof typeof TEXTS;

/** `:chat.lanlab 001 alice …`: the parameters as they stand on the wire. */
export function numeric(code: number, nick: string, rest: string): string {
  return `:${SERVER} ${String(code).padStart(3, '0')} ${nick} ${rest}`;
}
