import path from 'node:path';
import { isSafePath } from '../shared/artifactPath';

/**
 * Where an artifact goes below `root` on this machine. Throws for a path that would leave `root`, whatever the server
 * says; characters and names that Windows does not take are replaced there.
 */
export function localPathFor(root: string, artifactPath: string, platform: string = process.platform): string {
  if (!isSafePath(artifactPath)) throw new Error(`Not the path of an artifact: ${JSON.stringify(artifactPath)}.`);
  const { join, relative, isAbsolute } = platform === 'win32' ? path.win32 : path.posix;
  const parts = artifactPath.split('/').map((part) => (platform === 'win32' ? windowsName(part) : part));
  const target = join(root, ...parts);
  const below = relative(root, target);
  if (below === '' || below.startsWith('..') || isAbsolute(below))
    throw new Error(`${JSON.stringify(artifactPath)} would leave the folder it is downloaded to.`);
  return target;
}

/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
export function windowsName(name: string): string {
  const plain = name.replaceAll(/[<>:"|?*]/g, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `_${plain}` : plain;
}
