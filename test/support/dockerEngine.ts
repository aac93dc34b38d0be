import { type ChildProcess, spawn } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { writeProgram } from './launchTools';

/**
 * A client of Docker that keeps what it is asked. Like the real one it only asks the engine, waits, and passes signals on:
 * ending it ends no container.
 */
const client = (python: string) => `#!${python}
import json, os, signal, sys, urllib.request
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
body = json.dumps({"args": sys.argv[1:], "cwd": os.getcwd(), "path": os.environ["PATH"]}).encode()
address = os.environ["DOCKER_HOST"].replace("tcp:", "http:") + "/client"
answer = json.load(urllib.request.urlopen(urllib.request.Request(address, body, {"Content-Type": "application/json"})))
sys.stdout.write(answer["output"])
sys.exit(answer["code"])
`;

interface Container {
  readonly labels: readonly string[];
  readonly process: ChildProcess;
}

interface Question {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly path: string;
}

interface Answer {
  readonly output: string;
  readonly code: number;
}

/** Stands for Docker: containers are processes of this one, whose first program hears no request to end, as in Docker. */
export class DockerEngine {
  /** What `docker` was asked. */
  readonly asked: (readonly string[])[] = [];
  private readonly containers = new Map<string, Container>();
  private made = 0;

  private constructor(
    private readonly server: http.Server,
    /** What a program needs to find it. */
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async start(folder: string, python: string): Promise<DockerEngine> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const programs = path.join(folder, 'docker');
    writeProgram(path.join(programs, 'docker'), client(python));
    const engine = new DockerEngine(server, {
      PATH: `${programs}${path.delimiter}${process.env.PATH ?? ''}`,
      DOCKER_HOST: `tcp://127.0.0.1:${port}`,
    });
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        void engine.answer(request.url ?? '', body).then((answer) => {
          response.statusCode = answer === undefined ? 404 : 200;
          response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer ?? { message: 'none' }));
        });
      });
    });
    return engine;
  }

  /** Ids of the containers that run. */
  running(): readonly string[] {
    return [...this.containers.keys()];
  }

  async close(): Promise<void> {
    for (const id of this.running()) this.end(id);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** https://docs.docker.com/reference/api/engine/, as far as docker-py asks it for a project. */
  private async answer(url: string, body: string): Promise<unknown> {
    const image = { Id: `sha256:${'a'.repeat(64)}`, RepoTags: ['nowhere/image:latest'] };
    if (url === '/client') return this.ask(JSON.parse(body));
    if (/\/version$/.test(url)) return { ApiVersion: '1.41', MinAPIVersion: '1.24', Version: '20.10' };
    if (/\/images\/json/.test(url)) return [image];
    return /\/images\/.*\/json$/.test(url) ? image : undefined;
  }

  private async ask({ args, cwd, path: PATH }: Question): Promise<Answer> {
    const [command, ...rest] = args;
    this.asked.push(args);
    if (command === 'run') return this.run(rest, cwd, PATH);
    if (command === 'ps') {
      const label = rest.at(-1)?.replace(/^label=/, '') ?? '';
      const found = [...this.containers].filter(([, { labels }]) => labels.includes(label));
      return { output: found.map(([id]) => `${id}\n`).join(''), code: 0 };
    }
    if (command === 'rm') for (const id of rest) this.end(id);
    return { output: '', code: 0 };
  }

  private run(args: readonly string[], cwd: string, PATH: string): Promise<Answer> {
    const after = (...names: readonly string[]) =>
      args.flatMap((arg, at) => (names.includes(args[at - 1] ?? '') ? arg : []));
    const program = args.slice(args.indexOf('nowhere/image:latest') + 1);
    const variables = after('-e').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
    const id = String(++this.made).padStart(64, '0');
    const deaf = ['-c', 'trap "" TERM INT HUP; exec "$@"', 'container', ...program];
    const env = { PATH, ...Object.fromEntries(variables) };
    const child = spawn('bash', deaf, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    this.containers.set(id, { labels: after('--label', '-l'), process: child });
    let output = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString();
    });
    return new Promise((resolve) => {
      child.on('close', (code) => {
        this.containers.delete(id);
        resolve({ output, code: code ?? 137 });
      });
    });
  }

  private end(id: string): void {
    const pid = this.containers.get(id)?.process.pid;
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }
}
