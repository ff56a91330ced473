/** Where a heading is on its page, as GitHub names it: small letters, no punctuation, hyphens between words. */
export function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
