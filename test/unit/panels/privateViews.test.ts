import assert from 'node:assert/strict';
import { PrivateViews } from '../../../src/panels/views/privateViews';
import type { NamedView } from '../../../src/shared/view/namedView';
import { initialRunsView } from '../../../src/shared/view/runsView';
import { memento } from '../../support/memento';

const viewOf = (name: string, filter = ''): NamedView => ({
  name,
  server: 'http://h:1',
  runs: ['a'],
  view: { ...initialRunsView, filter },
});
const names = async (views: PrivateViews) => (await views.list()).map(({ name }) => name).sort();

describe('private views', () => {
  it('are there in every window, whatever folder is open in it', async () => {
    const everywhere = memento({ other: 1 });
    const [one, other] = [memento({}), memento({})].map((folder) => new PrivateViews(everywhere, folder));
    assert.ok(one && other);
    await one.save(viewOf('mine'));
    await other.save(viewOf('yours'));
    assert.deepEqual(await names(one), ['mine', 'yours']);
    await other.save(viewOf('mine', 'metrics.loss < 1'));
    assert.deepEqual((await one.list()).find(({ name }) => name === 'mine')?.view.filter, 'metrics.loss < 1');
    await one.remove(viewOf('mine'));
    assert.deepEqual(await names(other), ['yours']);
  });

  it('are taken over from the folder that kept them, once, and none takes the place of another', async () => {
    const long = 'x'.repeat(100);
    const everywhere = memento({});
    const former = memento({ 'flowdeck.views': [viewOf('a', 'old'), viewOf(long), viewOf('same'), { nonsense: 1 }] });
    const views = new PrivateViews(everywhere, former);
    for (const view of [viewOf('a', 'new'), viewOf(long, 'new'), viewOf('same')]) await views.save(view);
    const expected = ['a', 'a (2)', 'same', long, `${long.slice(0, 96)} (2)`].sort();
    assert.deepEqual(await names(views), expected);
    assert.deepEqual(former.keys(), []);
    const filters = Object.fromEntries((await views.list()).map(({ name, view }) => [name, view.filter]));
    assert.deepEqual([filters.a, filters['a (2)']], ['new', 'old']);
    assert.deepEqual(await names(views), expected);
  });
});
