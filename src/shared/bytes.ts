const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `0 B`, `1.5 kB`, `12 MB`: decimal units, two digits at least where it matters. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
