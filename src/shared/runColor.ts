/** How many colours package.json contributes: `flowdeck.run1` … `flowdeck.run12`. */
export const runColorCount = 12;

export const isRunColor = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= runColorCount;
