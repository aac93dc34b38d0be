const opened: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** An address from a text somebody else wrote, where it may be a link; undefined for anything but http, https and mailto. */
export function safeLink(address: string): string | undefined {
  try {
    const url = new URL(address);
    return opened.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
