/** Pages of tiles, of which Python sends a part at a time. */

export const ON_PAGE = 32;

/** The tiles of the page on which `at` stands: from `first` up to, not including, `last`. */
export function pageOf(at, total, onPage = ON_PAGE) {
  const first = Math.floor(at / onPage) * onPage;
  return { first, last: Math.min(total, first + onPage) };
}

/** From which tile on Python is to send, where the page is not in the part that is there; null where it is. */
export function missingPart(page, part, units, most = 256) {
  if (page.first >= part && page.last <= part + units) return null;
  return Math.floor(page.first / most) * most;
}
