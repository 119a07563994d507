/** Heights in CSS pixels: of a key's row, and of the strips in it. */
export const ROW = 24;
export const STRIP = 16;
