import {
  extraName,
  type FormCheck,
  type FormChoice,
  type FormEntryPoint,
  type FormExtra,
  type FormModel,
  type LaunchHostEvents,
  type LaunchHostMethods,
  valueIn,
} from '../../src/shared/protocol/launch';
import { RemoteError, Rpc } from '../../src/shared/rpc';
import { hostPort, vscodeApi } from '../runs/vscodeApi';

/** ms; a person is still typing. */
const settleMs = 150;
const clean: FormCheck = { problems: {}, runs: 1 };

/** What the form holds, and its talk with the host. Fires `change`. */
export class LaunchSession extends EventTarget {
  model: FormModel | undefined;
  choice: FormChoice | undefined;
  check: FormCheck = clean;
  /** Why the host could not do what was asked. */
  failure = '';
  private isLaunching = false;
  private working = 0;
  /** What was done last, for people to read. */
  done = '';
  private readonly rpc = new Rpc<LaunchHostMethods, object, object, LaunchHostEvents>(hostPort, {});
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  async start(): Promise<void> {
    this.rpc.on('changed', () => void this.reload());
    await this.reload();
  }

  get busy(): boolean {
    return this.working > 0;
  }

  get entryPoint(): FormEntryPoint | undefined {
    return this.model?.entryPoints.find(({ name }) => name === this.choice?.entryPoint);
  }

  /** Of a parameter with a name that a person chose: `constructor` is no problem by itself. */
  problemOf(name: string): string | undefined {
    const { problems } = this.check;
    return Object.hasOwn(problems, name) ? problems[name] : undefined;
  }

  async reload(): Promise<void> {
    await this.attempt(async () => {
      const model = await this.rpc.call('load', undefined);
      // What was done last was done at the other server.
      if (model.server !== this.model?.server) this.done = '';
      this.model = model;
      this.choice = fitting(this.choice ?? keptChoice(), model) ?? model.choice;
      this.keep();
      await this.examine();
    });
  }

  change(part: Partial<FormChoice>): void {
    if (!this.choice) return;
    this.choice = { ...this.choice, ...part };
    this.done = '';
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.attempt(() => this.examine()), settleMs);
    this.tell();
  }

  /** Undefined for nothing, where a value must be given. */
  setValue(name: string, value: string | undefined): void {
    if (!this.choice) return;
    const others = Object.entries(this.choice.values).filter(([other]) => other !== name);
    this.change({ values: Object.fromEntries(value === undefined ? others : [...others, [name, value]]) });
  }

  addExtra(): void {
    if (this.choice) this.change({ extra: [...this.choice.extra, { name: '', value: '', varied: false }] });
  }

  changeExtra(at: number, part: Partial<FormExtra>): void {
    if (this.choice)
      this.change({ extra: this.choice.extra.map((row, index) => (index === at ? { ...row, ...part } : row)) });
  }

  removeExtra(at: number): void {
    if (this.choice) this.change({ extra: this.choice.extra.filter((_, index) => index !== at) });
  }

  /** Another entry point begins with what is usual for it. */
  chooseEntryPoint(name: string): void {
    const chosen = this.model?.entryPoints.find((candidate) => candidate.name === name);
    const last = this.model?.history.find(({ choice }) => choice.entryPoint === name && choice.version === '');
    if (!chosen || !this.choice) return;
    this.change({
      entryPoint: name,
      values: valuesOf(chosen, last?.choice),
      extra: last?.choice.extra ?? [],
      sweep: { ...this.choice.sweep, varied: [] },
    });
  }

  vary(name: string, on: boolean): void {
    if (!this.choice) return;
    const { sweep } = this.choice;
    const others = sweep.varied.filter((one) => one !== name);
    this.change({ sweep: { ...sweep, varied: on ? [...others, name] : others } });
  }

  async browse(field: string, isParameter: boolean): Promise<void> {
    await this.attempt(async () => {
      const entryPoint = this.choice?.entryPoint ?? '';
      const chosen = await this.rpc.call('browse', { field, isParameter, entryPoint });
      if (chosen === undefined) return;
      if (isParameter) this.setValue(field, chosen);
      else this.change({ [field]: chosen });
    });
  }

  async fromRun(): Promise<void> {
    await this.attempt(async () => {
      const values = await this.rpc.call('fromRun', { entryPoint: this.choice?.entryPoint ?? '' });
      if (values && this.choice && this.entryPoint) this.change(taking(this.choice, this.entryPoint, values));
    });
  }

  async launch(debug: boolean): Promise<void> {
    const { choice, model } = this;
    // A double click launches once; a check that is under way is no reason to lose a click.
    if (!choice || !model || this.isLaunching) return;
    this.isLaunching = true;
    await this.attempt(async () => {
      this.check = await this.rpc.call('launch', { choice, debug, server: model.server });
      if (Object.keys(this.check.problems).length === 0)
        this.done = this.check.runs === 1 ? 'Launched.' : `Launched a sweep of ${this.check.runs} runs.`;
    });
    this.isLaunching = false;
  }

  async saveTask(): Promise<void> {
    const { choice } = this;
    if (!choice) return;
    await this.attempt(async () => {
      this.check = await this.rpc.call('saveTask', choice);
      if (Object.keys(this.check.problems).length === 0) this.done = 'Saved in tasks.json.';
    });
  }

  private async examine(): Promise<void> {
    const { choice } = this;
    if (!choice) return;
    const question = ++this.asked;
    const check = await this.rpc.call('check', choice);
    // A later question has the later answer.
    if (question === this.asked) this.check = check;
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    this.working++;
    this.failure = '';
    this.tell();
    try {
      await work();
    } catch (error) {
      if (error instanceof RemoteError && error.kind === 'cancelled') return;
      const advice = error instanceof RemoteError && error.advice ? ` ${error.advice}` : '';
      this.failure = `${error instanceof Error ? error.message : String(error)}${advice}`;
    } finally {
      this.working--;
      this.tell();
    }
  }

  private keep(): void {
    const { file, remote }: { file?: string; remote?: object } = JSON.parse(document.body.dataset.flowdeck ?? '{}');
    vscodeApi.setState({ file, remote, choice: this.choice });
  }

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function keptChoice(): FormChoice | undefined {
  const state = vscodeApi.getState();
  if (typeof state !== 'object' || state === null || !('choice' in state)) return undefined;
  const choice = state.choice as FormChoice;
  // An earlier version kept it without these.
  return { ...choice, extra: choice.extra ?? [] };
}

/** Values for what is declared, and rows for all else. */
function taking(choice: FormChoice, { parameters }: FormEntryPoint, given: Readonly<Record<string, string>>) {
  const declared = new Set(parameters.map(({ name }) => name));
  const all = Object.entries(given);
  const rows = all.flatMap(([name, value]) => (declared.has(name) ? [] : [{ name, value, varied: false }]));
  const kept = choice.extra.filter((row) => extraName(row) !== '' && !Object.hasOwn(given, extraName(row)));
  return {
    values: { ...choice.values, ...Object.fromEntries(all.filter(([name]) => declared.has(name))) },
    extra: [...kept, ...rows],
  };
}

/** What is held fits the project as it is now; else the form begins anew. */
function fitting(choice: FormChoice | undefined, model: FormModel): FormChoice | undefined {
  const entryPoint = model.entryPoints.find(({ name }) => name === choice?.entryPoint);
  if (!choice || !entryPoint) return undefined;
  const known = new Set(entryPoint.parameters.map(({ name }) => name));
  const varied = choice.sweep.varied.filter((name) => known.has(name));
  return { ...choice, values: valuesOf(entryPoint, choice), sweep: { ...choice.sweep, varied } };
}

/** Those that were chosen, and the file's for all else that has one. */
function valuesOf({ parameters }: FormEntryPoint, choice: FormChoice | undefined): FormChoice['values'] {
  const values = parameters.flatMap(({ name, default: fallback }) => {
    const value = (choice && valueIn(choice, name)) ?? fallback;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values);
}
