import assert from 'node:assert/strict';
import { lacksCommit, markedContext } from '../../../src/source/autoTagMark';

describe('the mark of runs from this window', () => {
  it('joins what stands in the variable, and leaves alone what nobody can read', () => {
    assert.deepEqual(JSON.parse(markedContext(undefined, 'm') ?? ''), { 'flowdeck.window': 'm' });
    assert.deepEqual(JSON.parse(markedContext(' ', 'm') ?? ''), { 'flowdeck.window': 'm' });
    assert.deepEqual(JSON.parse(markedContext('{"team":"a"}', 'm') ?? ''), { team: 'a', 'flowdeck.window': 'm' });
    for (const present of ['team=a', '["a"]', 'null', '"text"']) assert.equal(markedContext(present, 'm'), undefined);
  });

  it('is for runs without any commit', () => {
    assert.equal(lacksCommit({ tags: {} }), true);
    assert.equal(lacksCommit({ tags: { 'mlflow.source.git.commit': ' ' } }), true);
    assert.equal(lacksCommit({ tags: { 'mlflow.source.git.commit': 'not hex' } }), false);
    assert.equal(lacksCommit({ tags: { 'mlflow.git.commit': 'abcdef1' } }), false);
  });
});
