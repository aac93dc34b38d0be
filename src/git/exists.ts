import { stat } from 'node:fs/promises';

/** Whether a file or a folder is there and can be reached. */
export const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
