import assert from 'node:assert/strict';
import type { ModelVersion } from '../../../src/shared/domain';
import { badges, compareVersions, isPrompt, modelUris, withAliases } from '../../../src/shared/versionText';

const version = (number: string, changes: Partial<ModelVersion> = {}): ModelVersion => ({
  name: 'm',
  version: number,
  description: '',
  stage: 'None',
  source: '',
  status: 'READY',
  tags: {},
  aliases: [],
  ...changes,
});

describe('model versions', () => {
  it('get their aliases from the model and stand newest first', () => {
    const aliases = [
      { alias: 'zeta', version: '10' },
      { alias: 'best', version: '10' },
      { alias: 'old', version: '2' },
    ];
    const found = withAliases([version('2'), version('10'), version('9')], aliases);
    assert.deepEqual(
      found.map((item) => [item.version, item.aliases]),
      [
        ['10', ['best', 'zeta']],
        ['9', []],
        ['2', ['old']],
      ],
    );
  });

  it('compare by number', () => {
    assert.deepEqual(['10', '9', 'x', '1'].sort(compareVersions), ['x', '1', '9', '10']);
  });

  it('show aliases and the stage', () => {
    assert.equal(badges(version('1', { aliases: ['champion'], stage: 'Production' })), '@champion · Production');
    assert.equal(badges(version('1')), '');
    assert.equal(badges(version('1', { stage: 'Staging' })), 'Staging');
  });

  it('have a URI by number and one by each alias', () => {
    assert.deepEqual(modelUris(version('3', { aliases: ['a', 'b'] })), ['models:/m/3', 'models:/m@a', 'models:/m@b']);
  });

  it('are no prompts', () => {
    assert.equal(isPrompt({ tags: { 'mlflow.prompt.is_prompt': 'true' } }), true);
    assert.equal(isPrompt({ tags: {} }), false);
  });
});
