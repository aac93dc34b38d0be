import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** How often git is started: a program of that name stands before it, counts, and becomes it. Not while time is taken. */
export async function gitProcesses(work: () => Promise<void>): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flowdeck-count-'));
  const before = process.env.PATH;
  try {
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const counted = path.join(folder, 'counted');
    writeFileSync(counted, '');
    writeFileSync(path.join(folder, 'git'), `#!/bin/sh\necho >> '${counted}'\nexec '${git}' "$@"\n`);
    chmodSync(path.join(folder, 'git'), 0o755);
    process.env.PATH = `${folder}${path.delimiter}${before ?? ''}`;
    await work();
    return readFileSync(counted, 'utf8').length;
  } finally {
    process.env.PATH = before;
    rmSync(folder, { recursive: true, force: true });
  }
}
