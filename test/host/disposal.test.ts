import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { registerFeatures } from '../../src/extension';
import { CommandTable, newSession } from './connectionsHarness';

type Member = (...args: unknown[]) => vscode.Disposable;

/** Everything of the editor that gives a disposable, counted while it is not disposed. */
class Ledger {
  readonly open = new Set<string>();
  private readonly real: [object, string, unknown][] = [];
  private next = 0;

  watch(namespace: object, pattern: RegExp, standIn = false): void {
    for (const name of Object.keys(namespace).filter((key) => pattern.test(key))) {
      const real = Reflect.get(namespace, name) as Member;
      this.real.push([namespace, name, real]);
      Reflect.set(namespace, name, (...args: unknown[]) => {
        const inner = standIn ? undefined : real.apply(namespace, args);
        const entry = `${name} ${this.next++} ${new Error().stack?.split('\n')[2]?.trim()}`;
        this.open.add(entry);
        const dispose = () => {
          this.open.delete(entry);
          inner?.dispose();
        };
        return inner ? withDispose(inner, dispose) : { dispose };
      });
    }
  }

  restore(): void {
    for (const [namespace, name, real] of this.real) Reflect.set(namespace, name, real);
  }
}

/** The editor's objects have private members and some are frozen: only a proxy can stand before them. */
function withDispose(inner: vscode.Disposable, dispose: () => void): vscode.Disposable {
  return new Proxy(inner, {
    get: (target, key) => {
      if (key === 'dispose') return dispose;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

describe('the features', () => {
  it('leave no listener, provider, view or timer when the window closes', async () => {
    await vscode.extensions.getExtension('flowdeck.flowdeck')?.activate();
    const ledger = new Ledger();
    ledger.watch(vscode.workspace, /^onDid|^createFileSystemWatcher$/);
    ledger.watch(vscode.window, /^onDid|^createTreeView$|^createStatusBarItem$|^registerFileDecorationProvider$/);
    ledger.watch(vscode.tasks, /^onDid|^registerTaskProvider$/);
    // The extension itself has these already, and VS Code takes them once.
    ledger.watch(vscode.window, /^registerWebviewPanelSerializer$|^registerUriHandler$/, true);
    ledger.watch(vscode.workspace, /^registerFileSystemProvider$|^registerTextDocumentContentProvider$/, true);
    const { session } = newSession();
    // What the terminals of the window inherit.
    const environmentVariableCollection = { get: () => undefined, delete: () => undefined, replace: () => undefined };
    Object.assign(session.platform.context, { environmentVariableCollection });
    const { platform } = new CommandTable(session.platform);
    const disposeAll = () => {
      for (const item of platform.context.subscriptions.splice(0).reverse()) item.dispose();
    };
    try {
      registerFeatures(platform);
      assert.ok(ledger.open.size > 15, `only ${ledger.open.size} were seen`);
      for (const view of ['experiments', 'run', 'models', 'projects'])
        await vscode.commands.executeCommand(`flowdeck.${view}.focus`);
      await sleep(500);
      disposeAll();
      assert.deepEqual([...ledger.open], []);
    } finally {
      // Whatever failed: who comes after is not to meet features that stayed.
      disposeAll();
      ledger.restore();
      session.dispose();
    }
  });
});
