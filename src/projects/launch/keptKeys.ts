/** Where a workspace keeps what outlives its window. */
export const keptKeys = {
  underWay: 'flowdeck.projects.underWay',
  bisections: 'flowdeck.projects.bisections',
} as const;
