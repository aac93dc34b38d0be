import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { RunsPanel } from '../../src/panels/runsPanel';
import type { Clock } from '../../src/platform/poller';
import type { Contact } from '../../src/shared/protocol/contact';
import { initialRunsView } from '../../src/shared/view/runsView';
import { becomes } from '../support/eventually';
import { configure, runsOver } from './connectionsHarness';

const uri = 'http://127.0.0.1:5000';
const minute = 60_000;

interface Message {
  readonly rpc: string;
  readonly id: number;
  readonly method?: string;
  readonly name?: string;
  readonly payload?: { readonly contact?: Contact };
}

/** A tab whose page is played by the test, at a time that the test makes pass. */
class Played {
  readonly told: Message[] = [];
  focused = true;
  visible = true;
  closed = false;
  now = 1_000_000;
  /** What the server says to a question for runs. */
  answer: () => Promise<unknown> = async () => ({ items: [] });
  /** Another run is pointed at, or none. */
  private marked: () => void = () => undefined;
  private next: { readonly at: number; readonly action: () => void } | undefined;
  private asked = 0;
  private readonly fromPage = new vscode.EventEmitter<unknown>();
  private readonly viewState = new vscode.EventEmitter<vscode.WebviewPanelOnDidChangeViewStateEvent>();
  private readonly windowState = new vscode.EventEmitter<vscode.WindowState>();
  private readonly restore: (() => void)[] = [];
  readonly panel: RunsPanel;

  constructor() {
    this.replace('state', { get: () => ({ focused: this.focused, active: this.focused }) });
    this.replace('onDidChangeWindowState', { value: this.windowState.event });
    const clock: Clock = {
      now: () => this.now,
      setTimeout: (action, ms) => {
        this.next = { at: this.now + ms, action };
        return this.next;
      },
      clearTimeout: () => {
        this.next = undefined;
      },
    };
    const store = { searchRuns: () => this.answer(), getExperiment: async () => ({ name: 'one' }) };
    const connection = { uri, store, readOnly: false, server: { generation: 3 } };
    const never: vscode.Event<void> = () => new vscode.Disposable(() => undefined);
    const connections = {
      state: { kind: 'connected', connection },
      onDidChange: never,
      require: async () => connection,
    } as unknown as Connections;
    const extensionUri = vscode.extensions.getExtension('flowdeck.flowdeck')?.extensionUri;
    const platform = { context: { extensionUri }, log: { debug: () => undefined }, commands: {} } as never;
    const runs = {
      ...runsOver(connections, [], []),
      onDidHighlightChange: (listener: () => void) => {
        this.marked = listener;
        return new vscode.Disposable(() => undefined);
      },
      highlight: () => this.marked(),
    };
    const services = { platform, connections, runs };
    const state = { serverUri: uri, scope: { experimentIds: ['1'] }, view: initialRunsView };
    this.panel = new RunsPanel(this.tab(), services, state, 'one', clock);
  }

  private tab(): vscode.WebviewPanel {
    const played = this;
    return {
      title: '',
      webview: {
        cspSource: '',
        asWebviewUri: (file: vscode.Uri) => file,
        postMessage: async (message: Message) => this.told.push(message) > 0,
        onDidReceiveMessage: this.fromPage.event,
      },
      get visible() {
        // As VS Code does.
        if (played.closed) throw new Error('Webview is disposed');
        return played.visible;
      },
      onDidChangeViewState: this.viewState.event,
      onDidDispose: () => new vscode.Disposable(() => undefined),
      dispose: () => undefined,
    } as unknown as vscode.WebviewPanel;
  }

  private replace(name: 'state' | 'onDidChangeWindowState', property: PropertyDescriptor): void {
    const known = Object.getOwnPropertyDescriptor(vscode.window, name);
    Object.defineProperty(vscode.window, name, { ...property, configurable: true });
    if (known) this.restore.push(() => Object.defineProperty(vscode.window, name, known));
  }

  dispose(): void {
    this.closed = true;
    (this.panel as unknown as { dispose(): void }).dispose();
    for (const restore of this.restore) restore();
  }

  /** As a page that begins does. */
  async begin(): Promise<void> {
    await this.ask('open', {});
  }

  /** The page's question, until it is answered. */
  async ask(method: string, params: unknown): Promise<Message | undefined> {
    const id = ++this.asked;
    this.fromPage.fire({ rpc: 'request', id, method, params });
    const reply = () => this.told.find((message) => message.id === id && message.method === undefined);
    await becomes(() => reply() !== undefined, true);
    return reply();
  }

  show(visible: boolean): void {
    this.visible = visible;
    this.viewState.fire({ webviewPanel: {} as vscode.WebviewPanel });
  }

  focus(focused: boolean): void {
    this.focused = focused;
    this.windowState.fire({ focused, active: focused });
  }

  get polls(): readonly Message[] {
    return this.told.filter(({ method }) => method === 'poll');
  }

  /** The contact that the page was told of last. */
  get contact(): Contact | undefined {
    return this.told.findLast(({ name }) => name === 'snapshot')?.payload?.contact;
  }

  /** ms until the next poll; undefined where none is to come. */
  get wait(): number | undefined {
    return this.next && this.next.at - this.now;
  }

  /** Time passes; polls that are due are answered by the page. */
  async pass(ms: number, answers = true): Promise<void> {
    for (const end = this.now + ms; ; ) {
      const { next } = this;
      if (!next || next.at > end) {
        this.now = end;
        return;
      }
      this.now = next.at;
      this.next = undefined;
      const before = this.polls.length;
      next.action();
      const poll = this.polls[before];
      if (!poll || !answers) continue;
      this.fromPage.fire({ rpc: 'reply', id: poll.id, result: null });
      await becomes(() => this.next !== undefined, true);
    }
  }
}

describe('a page of runs that asks for news', () => {
  let played: Played;

  before(() => configure('refresh.intervalSeconds', 10));
  after(() => configure('refresh.intervalSeconds', undefined));
  beforeEach(() => {
    played = new Played();
  });
  afterEach(() => played.dispose());

  it('asks its tab nothing once that is closed', async () => {
    await played.begin();
    played.dispose();
    played = new Played();
  });

  it('begins once there is a page', async () => {
    assert.equal(played.wait, undefined);
    await played.begin();
    assert.equal(played.wait, 10_000);
    await played.pass(35_000);
    assert.equal(played.polls.length, 3);
  });

  it('ends where its tab is hidden, and goes on with the page that comes back, at once where that took long', async () => {
    await played.begin();
    await played.pass(10_000);
    played.show(false);
    assert.equal(played.wait, undefined);
    played.show(true);
    assert.equal(played.wait, undefined, 'nobody would hear of it yet');
    await played.begin();
    assert.equal(played.wait, 10_000);
    played.show(false);
    await played.pass(minute);
    assert.equal(played.polls.length, 1);
    played.show(true);
    await played.begin();
    assert.equal(played.wait, 0);
  });

  it('does not wait longer where its tab was hidden while it asked', async () => {
    await played.begin();
    await played.pass(10_000, false);
    played.show(false);
    played.show(true);
    await played.begin();
    await becomes(() => played.wait, 10_000);
  });

  it('goes on for five minutes after the window lost the focus, ends, and goes on at once when it has it again', async () => {
    await played.begin();
    played.focus(false);
    await played.pass(5 * minute);
    const { length } = played.polls;
    assert.ok(length >= 29, `${length}`);
    assert.equal(played.wait, undefined);
    await played.pass(60 * minute);
    assert.equal(played.polls.length, length);
    played.focus(true);
    assert.equal(played.wait, 0);
    await played.pass(0);
    assert.equal(played.polls.length, length + 1);
  });

  it('waits for the whole interval again where the setting was changed', async () => {
    await played.begin();
    await configure('refresh.intervalSeconds', 0);
    await becomes(() => played.wait, undefined);
    await configure('refresh.intervalSeconds', 10);
    await becomes(() => played.wait, 10_000);
  });

  it('tells the page when the server is not heard of, and when it is again', async () => {
    await played.begin();
    const question = { filter: '', showDeleted: false, sort: [] };
    await played.ask('queryRuns', question);
    const { at } = played.contact ?? {};
    played.answer = () => Promise.reject(new MlflowError('invalid', 'no such column'));
    assert.equal((await played.ask('queryRuns', question))?.rpc, 'failure');
    assert.notEqual(played.contact?.ok, false, 'a refusal is an answer');
    played.answer = () => Promise.reject(new MlflowError('unreachable', 'nobody there', { advice: 'Start it.' }));
    assert.equal((await played.ask('queryRuns', question))?.rpc, 'failure');
    const { contact } = played;
    assert.ok(contact && !contact.ok);
    assert.deepEqual([contact.message, contact.advice], ['nobody there', 'Start it.']);
    assert.ok(contact.at >= (at ?? 0));
    played.answer = async () => ({ items: [] });
    await played.ask('queryRuns', question);
    assert.equal(played.contact?.ok, true);
  });
});
