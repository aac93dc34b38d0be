import { execFileSync } from 'node:child_process';

/** Ids of the processes whose command line holds `text`, but for this one. */
export function processesWith(text: string): number[] {
  return commandLines()
    .map((line) => /^\s*(\d+) (.*)$/.exec(line))
    .filter((match) => match?.[2]?.includes(text))
    .map((match) => Number(match?.[1]))
    .filter((pid) => pid !== process.pid);
}

function commandLines(): string[] {
  const windows = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.CommandLine)" }';
  const [command, args] =
    process.platform === 'win32'
      ? (['powershell', ['-NoProfile', '-Command', windows]] as const)
      : (['ps', ['-ww', '-eo', 'pid=,args=']] as const);
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64_000_000 }).split(/\r?\n/);
}
