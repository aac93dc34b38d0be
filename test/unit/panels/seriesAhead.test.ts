import assert from 'node:assert/strict';
import { SeriesAhead } from '../../../src/panels/seriesAhead';
import type { SeriesAnswer, SeriesQuestion } from '../../../src/shared/protocol/series';

const question = (key: string, runIds = ['a', 'b']): SeriesQuestion => ({ key, runIds });

function ahead(fails = false) {
  const asked: { readonly key: string; readonly signal: AbortSignal }[] = [];
  const series = new SeriesAhead(async ({ key }, signal): Promise<SeriesAnswer> => {
    asked.push({ key, signal });
    if (fails) throw new Error(`no ${key}`);
    return { series: [] };
  });
  return { series, asked, ended: () => asked.filter(({ signal }) => signal.aborted).map(({ key }) => key) };
}

describe('curves that are asked for ahead', () => {
  it('are given once to who asks for just these, whatever the number of points', async () => {
    const { series, asked } = ahead();
    series.begin(() => [question('loss'), question('acc')]);
    assert.equal(series.take({ ...question('loss'), startStep: 1, endStep: 2 }), undefined);
    assert.equal(series.take(question('loss', ['b', 'a'])), undefined);
    assert.equal(series.take(question('loss', ['a'])), undefined);
    assert.deepEqual(await series.take({ ...question('loss'), maxPoints: 300, expectedPoints: 20 }), { series: [] });
    assert.equal(series.take(question('loss')), undefined);
    assert.deepEqual(
      asked.map(({ key }) => key),
      ['loss', 'acc'],
    );
    series.reset();
  });

  it('are asked for once a page', () => {
    const { series, asked } = ahead();
    series.begin(() => [question('loss')]);
    series.begin(() => [question('acc')]);
    series.reset();
    series.begin(() => [question('lr')]);
    assert.deepEqual(
      asked.map(({ key }) => key),
      ['loss', 'lr'],
    );
    series.reset();
  });

  it('end with whoever took them, and with the page where nobody did', () => {
    const { series, ended } = ahead();
    series.begin(() => [question('loss'), question('acc'), question('lr')]);
    const scrolledAway = new AbortController();
    void series.take(question('acc'), scrolledAway.signal);
    void series.take(question('lr'), new AbortController().signal);
    scrolledAway.abort();
    assert.deepEqual(ended(), ['acc']);
    series.reset();
    assert.deepEqual(ended(), ['loss', 'acc']);
  });

  it('fail for whoever takes them, and for nobody else', async () => {
    const { series } = ahead(true);
    series.begin(() => [question('loss'), question('acc')]);
    await assert.rejects(series.take(question('loss')) ?? Promise.resolve(), /no loss/);
    series.reset();
  });
});
