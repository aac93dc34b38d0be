import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeDefinition, definitionOf } from '../../../src/projects/request/taskDefinition';
import { request } from './launchArbitraries';

describe('a task', () => {
  it('says what is launched, and is read back as it was', () => {
    fc.assert(
      fc.property(request, (given) => {
        const decoded = decodeDefinition(JSON.parse(JSON.stringify(definitionOf(given))));
        assert.deepEqual(decoded, { request: given });
      }),
    );
  });

  it('is refused by the name of the property that is wrong', () => {
    const bad = (more: object) => {
      const decoded = decodeDefinition({ type: 'flowdeck', entryPoint: 'main', ...more });
      return 'bad' in decoded ? decoded.bad : undefined;
    };
    assert.deepEqual(
      [
        { backend: 5 },
        { version: ['x'] },
        { repository: 'a\0b' },
        { dockerArguments: 'gpus=all' },
        { dockerArguments: [''] },
        { sweep: {} },
        { sweep: { values: { a: '1..2' }, method: 'best' } },
        { sweep: { values: { a: '1..2' }, parallel: 0 } },
        { sweep: { values: { a: [{}] } } },
        { sweep: { values: { a: [1, true, 'x'] } } },
      ].map(bad),
      [
        'backend',
        'version',
        'repository',
        'dockerArguments',
        'dockerArguments',
        'sweep',
        'sweep',
        'sweep',
        'sweep',
        undefined,
      ],
    );
  });
});
