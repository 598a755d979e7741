/**
 * A text as the platform can store it: it acknowledges one with a NUL and then loses it (§4.3), and half a surrogate pair
 * is no Unicode. Both become U+FFFD; everything else stays as it is.
 */
export function storable(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, '\uFFFD');
}
