import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RunIdReader } from '../../../src/projects/process/mlflowRun';

describe('the id of a run that a backend makes', () => {
  it('is read from the launcher alone, in any pieces, and the first one counts', () => {
    const id = '0123456789abcdef'.repeat(2);
    const output = `noise ${'f'.repeat(32)}\r\n\u001b]5379;flowdeck-run=${id}\u0007more\u001b]5379;flowdeck-run=${'a'.repeat(32)}\u0007`;
    fc.assert(
      fc.property(fc.nat({ max: output.length }), fc.nat({ max: output.length }), (a, b) => {
        const reader = new RunIdReader();
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const found = [output.slice(0, first), output.slice(first, second), output.slice(second)].map((part) =>
          reader.read(part),
        );
        assert.deepEqual(
          found.filter((one) => one !== undefined),
          [id],
        );
        assert.equal(reader.runId, id);
      }),
    );
    const own = new RunIdReader();
    assert.equal(own.read(`2026 INFO mlflow.projects: === Run (ID '${id}') succeeded ===`), id);
    assert.equal(new RunIdReader().read('flowdeck-run=zz'), undefined);
  });

  it('is another one when the backend hands over another, and none that a program names after that', () => {
    const reader = new RunIdReader();
    const told = (key: string, value: string) => reader.read(`\u001b]5379;flowdeck-${key}=${value}\u0007`);
    const [made, submitted, foreign] = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)];
    assert.deepEqual([told('run', made), told('run', foreign)], [made, undefined]);
    assert.deepEqual([told('submitted', submitted), told('submitted', foreign)], [submitted, undefined]);
    assert.equal(reader.read(`=== Run (ID '${foreign}') succeeded ===`), undefined);
    assert.deepEqual([told('reason', 'no room'), reader.reason, reader.runId], [undefined, 'no room', submitted]);
  });
});
