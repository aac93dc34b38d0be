import assert from 'node:assert/strict';
import type { EntryPoint, Parameter } from '../../../src/projects/mlproject/mlproject';
import { mlflowRunArguments, mlflowRunEnvironment, mlflowRunText } from '../../../src/projects/process/mlflowRun';
import { endOfRun } from '../../../src/projects/process/runEnd';
import { isPythonFloat, planParameters, typedProblem, typedValue } from '../../../src/projects/request/parameters';
import { decodeDefinition, definitionOf, taskName } from '../../../src/projects/request/taskDefinition';
import { LaunchMemory } from '../../../src/projects/tasks/launchMemory';

const range = { line: 0, column: 0, endLine: 0, endColumn: 0 };
const parameter = (name: string, type = 'string', fallback?: string): Parameter => ({
  name,
  type,
  reachable: true,
  range,
  ...(fallback === undefined ? {} : { default: fallback }),
});
const entryPoint = (command: string, ...parameters: Parameter[]): EntryPoint => ({
  name: 'main',
  command,
  parameters,
  reachable: true,
  range,
});

describe('the parameters of a launch', () => {
  const point = entryPoint(
    'x {lr} "{name}"',
    parameter('lr', 'float'),
    parameter('name', 'string', 'a b'),
    parameter('to', 'uri', 's3://b'),
  );
  const plan = (given: Readonly<Record<string, string>>) => planParameters(point, new Map(Object.entries(given)));
  const problem = (given: Readonly<Record<string, string>>) => {
    const planned = plan(given);
    return 'problem' in planned ? `${planned.problem.kind} ${planned.problem.name}` : undefined;
  };

  it('are the given ones, logged with the defaults', () => {
    const planned = plan({ lr: '0.1', extra: 'x' });
    assert.ok('plan' in planned);
    assert.deepEqual(
      [...planned.plan.given],
      [
        ['lr', '0.1'],
        ['extra', 'x'],
      ],
    );
    assert.deepEqual(planned.plan.logged, { lr: '0.1', name: 'a b', to: 's3://b', extra: 'x' });
  });

  it('are refused before anything is created', () => {
    assert.equal(problem({}), 'missing lr');
    assert.equal(problem({ lr: '1', to: 'here' }), 'notUri to');
    assert.equal(problem({ lr: '1', name: '$(x)' }), 'readByShell name');
    assert.equal(problem({ lr: '1', name: 'two words' }), 'readByShell name');
    for (const name of ['a b', 'plain-1.5']) assert.equal(problem({ lr: '1', name }), undefined, name);
    assert.equal(problem({ lr: 'x'.repeat(6_001) }), 'tooLong lr');
    assert.equal(problem({ lr: 'a\0b' }), 'nul lr');
    for (const name of ['a b', '$(x)', 'x;y', '-x', '', 'a=b'])
      assert.equal(problem({ lr: '1', [name]: '1' }), `unusableName ${name}`);
    // MLflow does not check numbers, and somebody may rely on it.
    assert.equal(problem({ lr: 'auto' }), undefined);
  });

  it('are checked against their types while they are typed', () => {
    const typed = (type: string, text: string | undefined, fallback?: string) =>
      typedProblem(point, parameter('p', type, fallback), text)?.kind;
    assert.equal(typed('float', '1e-3'), undefined);
    assert.equal(typed('float', 'fast'), 'notNumber');
    assert.equal(typed('int', '1_000'), undefined);
    assert.equal(typed('int', '1.5'), 'notInteger');
    assert.equal(typed('string', '', 'x'), undefined);
    // MLflow takes an empty text, which a box that nobody filled in is not.
    assert.equal(typedValue(parameter('p'), ''), undefined);
    assert.equal(typedValue(parameter('p', 'string', 'x'), ''), '');
    assert.equal(typed('string', undefined), 'missing');
    assert.equal(typed('string', ''), undefined);
    for (const type of ['float', 'int', 'path', 'uri']) assert.equal(typed(type, ''), 'missing', type);
    assert.ok('plan' in planParameters(entryPoint('x {p}', parameter('p')), new Map([['p', '']])));
    for (const text of ['1', '.5', '1.', '-1e5', 'nan', 'Infinity', ' 1 ']) assert.ok(isPythonFloat(text), text);
    for (const text of ['', '.', '1e', '0x10', 'one', '1,5']) assert.ok(!isPythonFloat(text), text);
  });

  it('go to MLflow one by one, and into no shell', () => {
    const evil = `"; rm -rf ~ #`;
    const line = {
      entryPoint: '-x',
      environmentManager: 'local' as const,
      runId: 'r',
      parameters: new Map([['a', evil]]),
    };
    assert.deepEqual(mlflowRunArguments(line).slice(2), [
      'run',
      '.',
      '--entry-point=-x',
      '--env-manager=local',
      '--run-id=r',
      '-P',
      `a=${evil}`,
    ]);
    assert.equal(mlflowRunText(line), `mlflow run . -e -x --env-manager local -P "a=\\"; rm -rf ~ #"`);
  });

  it('run against this server and as nobody else', () => {
    const environment = mlflowRunEnvironment({ MLFLOW_TRACKING_URI: 'http://new', MLFLOW_TRACKING_TOKEN: 't' }, '7', {
      PATH: '/bin',
      MLFLOW_TRACKING_URI: 'http://old',
      MLFLOW_TRACKING_PASSWORD: 'old',
      MLFLOW_EXPERIMENT_NAME: 'old',
      MLFLOW_RUN_ID: 'old',
      ELECTRON_RUN_AS_NODE: '1',
      MLFLOW_TRACKING_INSECURE_TLS: 'true',
      TERM: 'dumb',
    });
    const {
      MLFLOW_TRACKING_URI,
      MLFLOW_TRACKING_TOKEN,
      MLFLOW_EXPERIMENT_ID,
      MLFLOW_TRACKING_INSECURE_TLS,
      PATH,
      TERM,
    } = environment;
    assert.deepEqual(
      [MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN, MLFLOW_EXPERIMENT_ID, MLFLOW_TRACKING_INSECURE_TLS, PATH, TERM],
      ['http://new', 't', '7', 'true', '/bin', 'xterm-256color'],
    );
    for (const name of ['MLFLOW_TRACKING_PASSWORD', 'MLFLOW_EXPERIMENT_NAME', 'MLFLOW_RUN_ID', 'ELECTRON_RUN_AS_NODE'])
      assert.ok(!(name in environment), name);
  });
});

describe('a task definition', () => {
  it('is read, and comes back the same', () => {
    const definition = {
      type: 'flowdeck',
      entryPoint: 'main',
      project: 'a/b',
      parameters: { x: '1' },
      experiment: 'e',
      runName: 'r',
      environmentManager: 'conda',
    };
    const decoded = decodeDefinition(definition);
    assert.ok('request' in decoded);
    assert.deepEqual(definitionOf(decoded.request), definition);
    assert.equal(taskName(decoded.request), 'main (a/b)');
    const least = decodeDefinition({ type: 'flowdeck', entryPoint: 'main', project: './' });
    assert.ok('request' in least);
    assert.deepEqual(definitionOf(least.request), { type: 'flowdeck', entryPoint: 'main' });
  });

  it('takes numbers and booleans as Python writes them, and names as objects have them', () => {
    const text = '{"entryPoint":"main","parameters":{"a":0.5,"b":true,"__proto__":"x"}}';
    const decoded = decodeDefinition(JSON.parse(text));
    assert.ok('request' in decoded);
    assert.deepEqual(
      [...decoded.request.parameters],
      [
        ['a', '0.5'],
        ['b', 'True'],
        ['__proto__', 'x'],
      ],
    );
  });

  it('is refused with the name of what is wrong', () => {
    const bad = (definition: unknown) => {
      const decoded = decodeDefinition(definition);
      return 'bad' in decoded ? decoded.bad : undefined;
    };
    const base = { entryPoint: 'main' };
    assert.equal(bad(null), 'type');
    assert.equal(bad({}), 'entryPoint');
    for (const project of ['../x', 'a/../../b', '/abs', 'C:\\x', 5]) assert.equal(bad({ ...base, project }), 'project');
    for (const parameters of [[], 'x', { a: null }, { a: {} }])
      assert.equal(bad({ ...base, parameters }), 'parameters');
    assert.equal(bad({ ...base, experiment: 5 }), 'experiment');
    assert.equal(bad({ ...base, runName: [] }), 'runName');
    assert.equal(bad({ ...base, environmentManager: 'pip' }), 'environmentManager');
  });
});

describe('the end of a run', () => {
  it('is what the server says, unless it still says running', () => {
    assert.deepEqual(endOfRun({ status: 'FINISHED' }, { exitCode: 0 }), { result: 'FINISHED', write: false });
    assert.deepEqual(endOfRun({ status: 'FAILED' }, { exitCode: 1 }), { result: 'FAILED', write: false });
    assert.deepEqual(endOfRun({ status: 'RUNNING' }, { exitCode: 1 }), { result: 'FAILED', write: true });
    assert.deepEqual(endOfRun({ status: 'SCHEDULED' }, { exitCode: 0 }), { result: 'FINISHED', write: true });
    assert.deepEqual(endOfRun({ status: 'RUNNING' }, { exitCode: 143, stoppedAt: 1 }), {
      result: 'KILLED',
      write: true,
    });
    // The script logged its end, and something after it failed.
    assert.deepEqual(endOfRun({ status: 'FINISHED' }, { exitCode: 1 }), { result: 'FAILED', write: false });
  });

  it('is killed where MLflow calls an interrupt a failure, but not where it had failed before', () => {
    assert.equal(endOfRun({ status: 'FAILED', endTime: 11 }, { exitCode: 1, stoppedAt: 10 }).result, 'KILLED');
    assert.equal(endOfRun({ status: 'FAILED', endTime: 9 }, { exitCode: 1, stoppedAt: 10 }).result, 'FAILED');
    assert.equal(endOfRun({ status: 'FINISHED', endTime: 11 }, { exitCode: 0, stoppedAt: 10 }).result, 'FINISHED');
  });
});

describe('the memory of launches', () => {
  it('keeps the last answers of each entry point and takes nothing for granted', async () => {
    const kept = new Map<string, unknown>();
    const state = {
      get: (key: string) => kept.get(key),
      update: async (key: string, value: unknown) => void kept.set(key, JSON.parse(JSON.stringify(value))),
    };
    const memory = new LaunchMemory(state as ConstructorParameters<typeof LaunchMemory>[0]);
    assert.deepEqual([memory.experiment, memory.values('a').size], [undefined, 0]);
    await memory.remember(
      'a',
      new Map([
        ['__proto__', '1'],
        ['x', ''],
      ]),
      'first',
    );
    await memory.remember('b', new Map([['x', '2']]), 'second');
    assert.deepEqual(
      [...memory.values('a')],
      [
        ['__proto__', '1'],
        ['x', ''],
      ],
    );
    assert.equal(memory.experiment, 'second');
    for (let at = 0; at < 60; at++) await memory.remember(`many ${at}`, new Map(), 'x');
    assert.equal(memory.values('a').size, 0);
    kept.set('flowdeck.projects.lastValues', [
      5,
      ['a', 'x'],
      [
        'b',
        [
          ['y', 1],
          ['z', 'ok'],
        ],
      ],
    ]);
    kept.set('flowdeck.projects.lastExperiment', 5);
    assert.deepEqual([...memory.values('b')], [['z', 'ok']]);
    assert.equal(memory.experiment, undefined);
  });
});
