/** s: more often is a burden to the server, more seldom is no refreshing. */
export const shortestRefresh = 2;
export const longestRefresh = 600;

/** The seconds between two refreshes, whatever the setting says: 0 is off, the rest lies within the limits. */
export function refreshSeconds(set: number): number {
  return set <= 0 ? 0 : Math.min(longestRefresh, Math.max(shortestRefresh, set));
}

/** Whether the setting says what it may. */
export const isRefreshAllowed = (set: number): boolean => set >= 0 && refreshSeconds(set) === set;
