import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseRequirements, readEnvironment } from '../../../src/shared/compare/environment';

const read = (text: string) => Object.fromEntries(parseRequirements(text).map(({ name, version }) => [name, version]));

describe('a requirements file', () => {
  it('is packages with their versions', () => {
    assert.deepEqual(
      read(`
# made by MLflow
mlflow==3.17.2
Scikit_Learn>=1.4, <2  # why
numpy === 2.1.0
pandas~=2.2
scipy==1.*
plain
ruamel.yaml (==0.18)
uvicorn[standard,extra]==0.30.1
torch==2.4.0+cu121 ; python_version < "3.13" and sys_platform == "linux"
`),
      {
        mlflow: '3.17.2',
        'scikit-learn': '>=1.4,<2',
        numpy: '2.1.0',
        pandas: '~=2.2',
        scipy: '==1.*',
        plain: 'any',
        'ruamel-yaml': '0.18',
        uvicorn: '[standard,extra] 0.30.1',
        torch: '2.4.0+cu121 (python_version < "3.13" and sys_platform == "linux")',
      },
    );
  });

  it('may go on in the next line, with hashes that are no part of the version', () => {
    assert.deepEqual(read('numpy==2.1.0 \\\n  --hash=sha256:aa \\\r\n  --hash=sha256:bb\nscipy==1'), {
      numpy: '2.1.0',
      scipy: '1',
    });
  });

  it('names other files and addresses, which lose what is secret', () => {
    const token = 'ghp_secret';
    const found = read(`
-r base.txt
--constraint=https://user:${token}@host/c.txt?key=${token}
--index-url https://user:${token}@pypi.example/simple
--extra-index-url=https://${token}@pypi.example/simple
-e git+https://${token}@github.com/o/my_pkg.git@v1#egg=My.Pkg
git+ssh://git@github.com/o/other.git
lib @ https://host/lib-1.0.whl?token=${token}#sha256=ab
./local/folder
`);
    assert.ok(!JSON.stringify(found).includes(token), JSON.stringify(found));
    assert.deepEqual(found, {
      '-r base.txt': 'included',
      '-c https://host/c.txt': 'included',
      'my-pkg': 'git+https://github.com/o/my_pkg.git@v1#egg=My.Pkg',
      other: 'git+ssh://github.com/o/other.git',
      lib: 'https://host/lib-1.0.whl',
      folder: './local/folder',
    });
  });

  it('is read whatever it holds', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('-e ', '==', ';', '[', '@', 'a @ b', '\\', '-r', '--hash=x', '/'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const { name, version } of parseRequirements(lines.join('\n')))
          assert.ok(name !== '' && typeof version === 'string');
      }),
    );
  });

  it('ends for lines that would make a pattern go back and forth for hours', () => {
    const lines = [`${'a'.repeat(200_000)} ${' '.repeat(200_000)}x`, '[a]'.repeat(100_000), 'https://'.repeat(50_000)];
    assert.ok(parseRequirements(lines.join('\n')).length <= lines.length);
  });
});

describe('the environment of a model', () => {
  const files = [
    {
      name: 'conda.yaml' as const,
      text: 'dependencies:\n- python=3.10.1\n- conda-forge::libfoo=1.2=py_0\n- pip<=24\n- pip:\n  - numpy==9\n  - -r x.txt\n',
    },
    {
      name: 'python_env.yaml' as const,
      text: 'python: "3.11.9"\nbuild_dependencies:\n- pip==23.1\ndependencies:\n- -r requirements.txt\n',
    },
    { name: 'requirements.txt' as const, text: 'numpy==2.1.0\n' },
  ];

  it('is what requirements.txt says, then what the other files add', () => {
    assert.deepEqual(readEnvironment(files, parse), {
      python: '3.11.9',
      packages: [
        { name: 'numpy', version: '2.1.0' },
        { name: 'pip', version: '23.1' },
        { name: 'libfoo', version: '1.2' },
      ],
    });
  });

  it('takes the version of Python from conda where nothing else has it, and from a number', () => {
    assert.equal(readEnvironment(files.slice(0, 1), parse).python, '3.10.1');
    assert.equal(readEnvironment([{ name: 'python_env.yaml', text: 'python: 3.9' }], parse).python, '3.9');
  });

  it('says nothing where a file is something else', () => {
    for (const text of ['', '[]', '1', 'dependencies: 3', 'dependencies: [{pip: 3}, 4, [5]]', 'python: [1]'])
      for (const name of ['conda.yaml', 'python_env.yaml'] as const)
        assert.deepEqual(readEnvironment([{ name, text }], parse), { python: '', packages: [] });
  });
});
