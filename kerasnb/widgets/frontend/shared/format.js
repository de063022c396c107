/** Numbers as people read them here: thousands by commas, shares in whole percents. */

export const count = (number) => (number === null || number === undefined ? "?" : number.toLocaleString("en-US"));

/** `0.574` -> `57 %`, with a narrow no-break space. */
export const percent = (fraction) => `${Math.round(fraction * 100)}\u202f%`;
