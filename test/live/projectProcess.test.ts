import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { RunProcess } from '../../src/projects/process/runProcess';
import { mlflowPython } from '../support/mlflowServer';
import { processesWith, until, untilGone } from '../support/processTree';

/** A child, a grandchild that ignores every polite signal, and one that has left session and parent. */
const family = `
import os, signal, subprocess, sys, time
deaf = "import signal, time\\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\\nprint('deaf', flush=True)\\ntime.sleep(600)"
subprocess.Popen([sys.executable, "-c", deaf])
subprocess.Popen([sys.executable, "-c", "import time; print('away', flush=True); time.sleep(600)"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    print("orphan", flush=True)
    time.sleep(600)
`;

describe('the process of a launched project', () => {
  const python = { command: mlflowPython('3.17.2'), args: [], label: 'python' };
  let folder = '';
  let marker = '';
  let output = '';
  const started: RunProcess[] = [];

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-process-'));
  });
  beforeEach(() => {
    output = '';
    marker = `flowdeck-tree-${process.pid}-${Math.random().toString(36).slice(2)}`;
  });
  after(async () => {
    for (const process of started) process.release();
    await Promise.all(started.map(({ ended }) => ended));
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const ownSupervisor = path.join(process.env.FLOWDECK_ROOT ?? '.', 'src/projects/process/supervisor.py');

  function start(
    code: string,
    environment: Readonly<Record<string, string>> = {},
    supervisor = ownSupervisor,
  ): RunProcess {
    const run = new RunProcess({
      python,
      supervisor,
      args: ['-c', code],
      folder,
      environment: { ...process.env, MARKER: marker, TERM: 'xterm-256color', ...environment },
      // A run of a sweep and its parent.
      runId: `${'a'.repeat(32)},${'b'.repeat(32)}`,
      size: { columns: 93, rows: 31 },
      graceSeconds: 0.5,
      onOutput: (text) => {
        output += text;
      },
    });
    started.push(run);
    return run;
  }
  const says = (text: string) =>
    until(
      () => output.includes(text),
      () => `${text} is missing in: ${output}`,
    );

  /**
   * Presses keys until the program answers: a busy machine's pseudoterminal may keep the last ones to itself until more
   * come (seen with a plain pty and `os.write`, too), as a person would press again.
   */
  const answers = async (run: RunProcess, keys: string, text: string) => {
    for (let attempt = 0; attempt < 6 && !output.includes(text); attempt++) {
      run.write(keys);
      await until(
        () => output.includes(text),
        () => text,
        3_000,
      ).catch(() => undefined);
    }
    await says(text);
  };

  it('has a terminal with the size it was given, from the start and after a change', async () => {
    const run = start(
      'import os, sys; print(sys.stdout.isatty(), tuple(os.get_terminal_size())); input(); print(tuple(os.get_terminal_size()))',
    );
    await says('True (93, 31)\r\n');
    run.resize({ columns: 50, rows: 10 });
    await answers(run, '\r', '(50, 10)');
    assert.equal(await run.ended, 0);
  });

  it('takes input, and much of it', async () => {
    const run = start(
      'import sys, tty; tty.setcbreak(0); print("ready", flush=True); n = 0\nwhile n < 200000: n += len(sys.stdin.read(1000))\nprint("read", n)',
    );
    await says('ready');
    run.write(`${'é😀x'.repeat(70_000)}`.slice(0, 200_000));
    run.write('y'.repeat(80_000));
    await answers(run, 'y', 'read 200000');
    assert.equal(await run.ended, 0);
  });

  it('gives the exit code, also of a program that a signal ends, and all of the output', async () => {
    assert.equal(await start('import sys; sys.exit(3)').ended, 3);
    assert.equal(await start('import os; os.kill(os.getpid(), 9)').ended, 137);
    assert.equal(await start('for i in range(20000): print("line", i)').ended, 0);
    assert.match(output, /line 19999\r\n$/);
  });

  it('gives what was said last also where the machine has no time for the supervisor just then', async () => {
    const late = path.join(folder, 'late.py');
    fs.writeFileSync(
      late,
      `import runpy, select, time
look = select.select
def looked(reading, *rest):
    found = look(reading, *rest)
    # The terminal had nothing to say; the command ends before the supervisor goes on.
    if len(reading) > 1 and not found[0]:
        time.sleep(0.6)
    return found
select.select = looked
runpy.run_path(${JSON.stringify(ownSupervisor)}, run_name="__main__")
`,
    );
    assert.equal(await start('import time; time.sleep(0.3); print("the last words")', {}, late).ended, 0);
    assert.match(output, /the last words\r\n$/);
  });

  it('passes Ctrl-C on as an interrupt', async () => {
    const run = start(
      'import time\ntry: print("ready", flush=True); time.sleep(600)\nexcept KeyboardInterrupt: print("interrupted")',
    );
    await says('ready');
    await answers(run, '\u0003', 'interrupted');
    assert.equal(await run.ended, 0);
  });

  it('ends the whole tree when it is stopped, whatever that ignores and wherever it went', async () => {
    const run = start(`${family}\ntime.sleep(600)`);
    for (const text of ['deaf', 'away', 'orphan']) await says(text);
    assert.ok(processesWith(marker).length >= 4);
    run.stop();
    await run.ended;
    assert.deepEqual(await untilGone(marker), []);
  });

  it('leaves nothing behind when the program ends and its children do not', async () => {
    const run = start(`${family}\ninput()\nprint('over')`);
    for (const text of ['deaf', 'away', 'orphan']) await says(text);
    await answers(run, '\r', 'over');
    assert.equal(await run.ended, 0);
    assert.deepEqual(await untilGone(marker), []);
  });

  it('ends when what is left behind is another user’s, and names it', async () => {
    // As the system answers who may not end it; the tests may run as somebody who may.
    const refusing = path.join(folder, 'refusing.py');
    fs.writeFileSync(
      refusing,
      `import os, runpy, sys
allowed = os.kill
def kill(pid, number):
    with open("/proc/%d/environ" % pid, "rb") as file:
        if b"FOREIGN=1" in file.read():
            raise PermissionError(1, "Operation not permitted")
    allowed(pid, number)
os.kill = kill
runpy.run_path(${JSON.stringify(ownSupervisor)}, run_name="__main__")
`,
    );
    const foreign = `import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True, env={**os.environ, "FOREIGN": "1"})
print("child", child.pid)`;
    try {
      assert.equal(await start(foreign, {}, refusing).ended, 0);
      const [, pid] = /child (\d+)/.exec(output) ?? [];
      assert.match(output, new RegExp(`These processes could not be ended: ${pid}\\r\\n$`));
    } finally {
      for (const pid of processesWith(marker)) process.kill(pid, 'SIGKILL');
    }
    assert.deepEqual(await untilGone(marker), []);
  });

  it('ends the tree when the supervisor itself is told to end', async () => {
    const run = start(`${family}\ntime.sleep(600)`);
    for (const text of ['deaf', 'away', 'orphan']) await says(text);
    const [supervisor] = processesWith('supervisor.py').filter((pid) => processesWith(marker).includes(pid));
    assert.ok(supervisor);
    process.kill(supervisor, 'SIGHUP');
    await run.ended;
    assert.deepEqual(await untilGone(marker), []);
  });

  it('closes the run with the credentials of the environment when the window is gone, and ends the tree', async () => {
    const asked: { url: string; authorization: string; body: string }[] = [];
    const server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        asked.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '', body });
        response.end(JSON.stringify({ run: { info: { status: 'RUNNING' } } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const run = start(`${family}\ntime.sleep(600)`, {
      MLFLOW_TRACKING_URI: uri,
      MLFLOW_TRACKING_USERNAME: 'ann',
      MLFLOW_TRACKING_PASSWORD: 'geheim',
    });
    for (const text of ['deaf', 'away', 'orphan']) await says(text);
    run.release();
    await run.ended;
    server.close();
    assert.deepEqual(await untilGone(marker), []);
    assert.deepEqual(
      asked.map(({ url }) => url),
      ['a', 'b'].flatMap((letter) => [
        `/api/2.0/mlflow/runs/get?run_id=${letter.repeat(32)}`,
        '/api/2.0/mlflow/runs/update',
      ]),
    );
    assert.deepEqual(
      asked.flatMap(({ body }) => /"run_id": "(.)/.exec(body)?.[1] ?? []),
      ['a', 'b'],
    );
    const update: unknown = JSON.parse(asked[1]?.body ?? '');
    assert.ok(typeof update === 'object' && update !== null && 'status' in update && 'end_time' in update);
    assert.equal(update.status, 'KILLED');
    assert.ok(Math.abs(Number(update.end_time) - Date.now()) < 20_000);
    assert.ok(asked.every(({ authorization }) => authorization === `Basic ${btoa('ann:geheim')}`));
  });
});
