import fc from 'fast-check';
import type { LaunchRequest } from '../../../src/projects/request/taskDefinition';

/** Where an entry point or a parameter that is made up stands. */
export const range = { line: 0, column: 0, endLine: 0, endColumn: 0 };

/** Without the character that no argument of a process can hold. */
export const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !value.includes('\0'));
const filled = text.filter((value) => value.trim() !== '');
export const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((value) => !(value in {}));

/** Any launch. */
export const request: fc.Arbitrary<LaunchRequest> = fc
  .record(
    {
      entryPoint: filled,
      project: fc.constantFrom('', 'a', 'a b/c'),
      parameters: fc.dictionary(name, text).map((values) => new Map(Object.entries(values))),
      experiment: filled,
      runName: filled,
      environmentManager: fc.constantFrom('local' as const, 'uv' as const),
      backend: filled,
      backendConfig: filled,
      storageDir: filled,
      version: filled,
      repository: filled,
      dockerArguments: fc.array(filled, { minLength: 1, maxLength: 3 }),
      sweep: fc.record(
        {
          method: fc.constantFrom('grid' as const, 'random' as const),
          samples: fc.integer({ min: 1, max: 50 }),
          seed: fc.nat(),
          parallel: fc.integer({ min: 1, max: 8 }),
          values: fc.dictionary(name, filled).map((values) => new Map(Object.entries(values))),
        },
        { noNullPrototype: true },
      ),
    },
    { requiredKeys: ['entryPoint', 'project', 'parameters'], noNullPrototype: true },
  )
  .map((made) => made as LaunchRequest);
