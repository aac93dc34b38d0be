/** Texts that are made from a commit or a run when they are shown. */
export const sourceTextScheme = 'flowdeck-source';
