import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { RowDecorations } from '../../src/experiments/rowDecorations';
import { RunHighlight } from '../../src/experiments/runHighlight';

describe('rows of the Experiments view', () => {
  it('marks the run that is pointed at, without a change of rows, and only while somebody sees it', () => {
    const visibility = new vscode.EventEmitter<vscode.TreeViewVisibilityChangeEvent>();
    const view = { visible: true, onDidChangeVisibility: visibility.event };
    const highlight = new RunHighlight();
    const decorations = new RowDecorations(highlight, view);
    const told: string[][] = [];
    decorations.onDidChangeFileDecorations((uris) => told.push(uris.map(String)));
    const decoration = (uri: string) => decorations.provideFileDecoration(vscode.Uri.parse(uri));
    highlight.set('a');
    highlight.set('a');
    assert.deepEqual(told.splice(0), [['flowdeck-run:/a', 'flowdeck-grey:/a']]);
    assert.equal(decoration('flowdeck-run:/a')?.badge, '◂');
    assert.equal(decoration('flowdeck-grey:/a')?.badge, '◂');
    assert.deepEqual([decoration('flowdeck-run:/b'), decoration('file:///a')], [undefined, undefined]);
    assert.ok(decoration('flowdeck-grey:/b')?.color);
    view.visible = false;
    highlight.set('b');
    highlight.set(undefined);
    assert.deepEqual(told, []);
    view.visible = true;
    visibility.fire({ visible: true });
    assert.deepEqual(
      told.flat().sort(),
      ['a', 'b'].flatMap((id) => [`flowdeck-grey:/${id}`, `flowdeck-run:/${id}`]).sort(),
    );
    assert.equal(decoration('flowdeck-run:/a'), undefined);
    decorations.dispose();
    highlight.dispose();
  });
});
