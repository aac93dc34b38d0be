import assert from 'node:assert/strict';
import { docsText, machine } from '../../../scripts/bench/docs.mjs';
import { judge, promises } from '../../../scripts/bench/verdict.mjs';

describe('the page of figures', () => {
  const measured = {
    samples: { flowdeckFirst: [240], peerColdFirst: [1000], peerFirst: [700], http: [90] },
    problems: [],
  };
  const rows = promises.map((promised) => judge(promised, promised.group === 'table-10k' ? measured : undefined, 1));
  const report = { machine: machine({ MLflow: '3.17.2' }), repetitions: 1, rows };

  it('has one row per promise, with both figures and the bar', () => {
    const text = docsText(report);
    for (const { work } of promises) assert.ok(text.includes(`| ${work} |`), work);
    assert.match(text, /first rows \| 240 ms \| 1,000 ms \| 700 ms \| 0\.24 \| ≤ 0\.25 × the web UI \| yes \|/);
  });

  it('says what is missing, and never passes it', () => {
    const text = docsText(report);
    assert.match(text, /^- bytes into the page for 1,000,000 points: not measured\.$/m);
    assert.equal(text.match(/\*\*no\*\*/g)?.length, promises.length - 2);
  });

  it('says what the page itself does while it is moved, where that was traced', () => {
    const samples = { workP95: [5, 4, 9], workWorst: [11], missedFrames: [2], tracedFrames: [400] };
    const text = docsText({ ...report, measured: { pan: { samples, problems: [] } } });
    assert.match(text, /works\s+5\.0 ms of processor time.* 11\.0 ms for the worst;\s+2 of 400 frames were missed/);
    assert.ok(!docsText(report).includes('by a trace of the browser'));
  });

  it('names machine and versions', () => {
    assert.match(docsText(report), /Measured on \d{4}-\d\d-\d\d: \d+ × .*MLflow 3\.17\.2/s);
  });
});
