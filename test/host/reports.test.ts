import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { reportUri } from '../../src/projects/reports/reportUri';
import { configure } from './connectionsHarness';

describe('pages about launches that come back to a window', () => {
  const textOf = async (uri: vscode.Uri) => (await vscode.workspace.openTextDocument(uri)).getText();

  after(() => configure('trackingUri', undefined));

  it('say in plain words that nothing is kept of them, whatever their address', async () => {
    const gone = /^What stood here is not kept any more\. Ask for it again\.$/;
    const of = { uri: 'http://127.0.0.1:1', good: 'a', bad: 'b', metric: 'score' };
    assert.match(await textOf(reportUri('bisection', 'score bisected', of)), gone);
    assert.match(await textOf(reportUri('verdict', 'bare', {}).with({ query: '{' })), gone);
    assert.match(await textOf(vscode.Uri.parse('flowdeck-report:/no/such/page')), gone);
  });

  it('say of a verdict that its server cannot be reached, and what to do', async () => {
    await configure('trackingUri', 'http://127.0.0.1:1');
    const verdict = reportUri('verdict', 'old reproduced', { server: 'http://127.0.0.1:1', run: 'a' });
    assert.match(await textOf(verdict), /^Could not show the verdict on http:\/\/127\.0\.0\.1:1: .+\. \S.+\.$/);
  });

  it('can only be read', async () => {
    const page = reportUri('verdict', 'old reproduced', { server: 'http://127.0.0.1:1', run: 'a' });
    for (const act of [
      () => vscode.workspace.fs.writeFile(page, Buffer.from('x')),
      () => vscode.workspace.fs.delete(page),
      () => vscode.workspace.fs.rename(page, page.with({ path: '/flowdeck-report/verdict/other' })),
    ])
      await assert.rejects(async () => act(), /read|permission/i);
  });
});
