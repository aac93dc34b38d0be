import * as vscode from 'vscode';

/** Output kept for a terminal that is not open yet, characters. */
const mostKept = 200_000;

/** A terminal that shows what the local server prints. Closing it calls `onClosed`. */
export class ServerTerminal implements vscode.Disposable {
  private readonly write = new vscode.EventEmitter<string>();
  private readonly terminal: vscode.Terminal;
  private isOpen = false;
  private kept = '';

  constructor(name: string, onClosed: () => void) {
    const pty: vscode.Pseudoterminal = {
      onDidWrite: this.write.event,
      open: () => {
        this.isOpen = true;
        this.write.fire(this.kept);
        this.kept = '';
      },
      close: onClosed,
      handleInput: (data) => {
        if (data === '\u0003') onClosed();
      },
    };
    this.terminal = vscode.window.createTerminal({
      name,
      pty,
      iconPath: new vscode.ThemeIcon('server-process'),
      isTransient: true,
    });
  }

  append(text: string): void {
    const lines = text.replaceAll(/\r?\n/g, '\r\n');
    if (this.isOpen) this.write.fire(lines);
    else this.kept = (this.kept + lines).slice(-mostKept);
  }

  show(): void {
    this.terminal.show(true);
  }

  dispose(): void {
    this.terminal.dispose();
    this.write.dispose();
  }
}
