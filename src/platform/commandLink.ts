/** The address of a link in trusted Markdown or in a document that runs a command. */
export const commandLink = (command: string, args: readonly unknown[] = []): string =>
  `command:${command}?${encodeURIComponent(JSON.stringify(args))}`;
