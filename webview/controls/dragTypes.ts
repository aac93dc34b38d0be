/** What is dragged; only its own kind takes it, and no editor beside the page takes any for text. */
export const dragType = {
  card: 'application/x-flowdeck-card',
  chart: 'application/x-flowdeck-chart',
  column: 'application/x-flowdeck-column',
  section: 'application/x-flowdeck-section',
} as const;
