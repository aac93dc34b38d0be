/** What is dragged; only its own kind takes it. */
export const dragType = { card: 'application/x-flowdeck-card', section: 'application/x-flowdeck-section' } as const;
