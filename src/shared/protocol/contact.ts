/** Whether the server answered the last question, and since when what is shown is known. */
export type Contact =
  | { readonly ok: true /** ms */; readonly at: number }
  | { readonly ok: false; readonly at: number; readonly message: string; readonly advice?: string };
