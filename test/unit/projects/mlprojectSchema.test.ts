import assert from 'node:assert/strict';
import fs from 'node:fs';
import { Ajv } from 'ajv';
import { findingsOf } from '../../../src/projects/language/findings';
import { outlineOf } from '../../../src/projects/language/outline';
import { keys } from '../../../src/projects/language/vocabulary';
import { parseMlproject } from '../../../src/projects/mlproject/mlproject';
import { readYaml } from '../../../src/projects/mlproject/readYaml';
import type { TreeNode } from '../../../src/projects/mlproject/yamlTree';
import { corpus } from '../../support/mlprojectCorpus';

const schema = JSON.parse(fs.readFileSync('media/schemas/mlproject.schema.json', 'utf8'));

/** What a schema cannot see: it is asked about values, not about texts. */
const ofTheText = new Set(['syntax', 'characters', 'tooLarge']);
/** A date is a text to most readers of YAML, and so to those who use a schema. */
const otherwiseElsewhere = ['parameter a date'];

/** The file's value as JSON has it. What Python makes of a text is held against MLflow in test/live/mlproject.test.ts. */
function valueOfTree(node: TreeNode): unknown {
  if (node.kind === 'list') return node.items.map(valueOfTree);
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key.value.text, valueOfTree(value)]));
  const { type, text } = node.value;
  if (type === 'null') return null;
  if (type === 'bool') return text === 'True';
  return type === 'int' || type === 'float' ? Number(text) : text;
}

describe('the JSON schema of MLproject files', () => {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false }).compile(schema);

  it('takes the files that MLflow takes and can run, and no others', async () => {
    const wrong: string[] = [];
    const compared = { taken: 0, refused: 0 };
    for (const [name, text] of Object.entries(corpus)) {
      const parsed = await parseMlproject(new TextEncoder().encode(text));
      if (!parsed.ok && ofTheText.has(parsed.problem.kind)) continue;
      const findings = await findingsOf(await outlineOf(text), async () => true);
      const runs = parsed.ok && !findings.some(({ code }) => code === 'commandMissing' || code === 'commandNotText');
      const value = valueOfTree(await readYaml(text));
      compared[runs ? 'taken' : 'refused']++;
      if (validate(value) !== runs && !otherwiseElsewhere.includes(name))
        wrong.push(`${name}: MLflow ${runs ? 'takes' : 'refuses'} it, ${JSON.stringify(validate.errors?.[0])}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(compared.taken > 80 && compared.refused > 30, JSON.stringify(compared));
  });

  it('is found by other tools: by its address, and in VS Code by both ways to write the name', () => {
    const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    const file = 'media/schemas/mlproject.schema.json';
    const repository = manifest.repository.url.replace(/^https:\/\/github\.com\/(.*)\.git$/, '$1');
    assert.equal(schema.$id, `https://raw.githubusercontent.com/${repository}/main/${file}`);
    assert.ok(fs.readFileSync('README.md', 'utf8').includes(schema.$id));
    assert.deepEqual(
      manifest.contributes.yamlValidation,
      ['MLproject', 'mlproject'].map((fileMatch) => ({ fileMatch, url: `./${file}` })),
    );
  });

  it('describes the keys that the editor knows', () => {
    const { properties, definitions } = schema;
    const entryPoint = properties.entry_points.additionalProperties.properties;
    const docker = properties.docker_env.anyOf[1].properties;
    assert.deepEqual(Object.keys(properties).sort(), [...keys.root].sort());
    assert.deepEqual(Object.keys(entryPoint), [...keys.entryPoint]);
    assert.deepEqual(Object.keys(definitions.parameter.anyOf[1].properties), [...keys.parameter]);
    assert.deepEqual(Object.keys(docker), [...keys.docker_env]);
    assert.deepEqual(
      Object.keys(properties.databricks_spark_job.properties).sort(),
      [...keys.databricks_spark_job].sort(),
    );
  });
});
