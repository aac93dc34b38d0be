import assert from 'node:assert/strict';
import { proposedArguments } from '../../../src/projects/command/proposedArguments';
import { callsIn, listLiteral, textLiteral } from '../../../src/projects/command/pythonText';
import { scriptOptions } from '../../../src/projects/command/scriptOptions';

const propose = (source: string, params: Readonly<Record<string, string>>) =>
  proposedArguments(scriptOptions(source) ?? [], params);
const argparse = (...lines: readonly string[]) =>
  `import argparse\nparser = argparse.ArgumentParser()\n${lines.map((line) => `parser.add_argument(${line})\n`).join('')}`;

describe('the command line that a script declares', () => {
  it('is read from argparse: values, switches, lists, counts and what has a place', () => {
    const source = argparse(
      '"--lr", "-l", type=float, default=0.1, help="a (rate), of \'1\'"',
      "'--batch-size', type=int, default=32",
      '"-e", dest="epochs", type=int, required=True',
      '"--verbose", action="store_true"',
      '"--no-cache", dest="cache", action="store_false"',
      '"--shuffle", action=argparse.BooleanOptionalAction, default=True',
      '"--sizes", nargs="+", type=int,  # one, two (three)\n',
      '"--tag", action="append"',
      '"-v", action="count", default=0',
      '"data"',
      '"--config", action=Load',
      '"--version", action="version", version="1"',
    );
    const params = {
      lr: '0.5',
      batch_size: '64',
      epochs: '3',
      verbose: 'True',
      cache: 'False',
      shuffle: 'False',
      sizes: '[8, 16]',
      tag: "['a', 'b c']",
      v: '2',
      data: 'in.csv',
      config: 'x',
      accuracy: '1',
    };
    const { args, lacking, params: used } = propose(source, params);
    assert.deepEqual(args, [
      'in.csv',
      ...['--lr', '0.5', '--batch-size', '64', '-e', '3', '--verbose', '--no-cache', '--no-shuffle'],
      ...['--sizes', '8', '16', '--tag', 'a', '--tag', 'b c', '-v', '-v'],
    ]);
    assert.deepEqual(lacking, []);
    assert.deepEqual(
      Object.keys(params).filter((name) => !used.includes(name)),
      ['config', 'accuracy'],
    );
  });

  it('leaves out what the script takes without being told, and None', () => {
    const source = argparse(
      '"--lr", type=float, default=1e-3',
      '"--steps", default=1_000',
      '"--name", default="net"',
      '"--quick", action="store_true"',
      '"--seed", type=int',
      '"--home", default=os.getcwd()',
    );
    const same = { lr: '0.001', steps: '1000', name: 'net', quick: 'False', seed: 'None', home: '/w' };
    assert.deepEqual(propose(source, same).args, ['--home', '/w']);
    assert.deepEqual(propose(source, { ...same, lr: '-1', name: '-x' }).args, ['--lr=-1', '--name=-x', '--home', '/w']);
  });

  it('says what it cannot do without and no param tells, and puts nothing in the place of it', () => {
    const source = argparse('"source"', '"target"', '"--key", required=True', '"rest", nargs="*"');
    assert.deepEqual(propose(source, { target: 'b' }), {
      args: [],
      params: [],
      lacking: ['source', 'target', '--key'],
    });
    assert.deepEqual(propose(source, { source: 'a', target: 'b', key: 'k' }).args, ['a', 'b', '--key', 'k']);
  });

  it('knows what Python makes of type=bool', () => {
    const source = argparse('"--a", type=bool, default=True', '"--b", type=bool, default=False');
    assert.deepEqual(propose(source, { a: 'False', b: 'True' }).args, ['--a', '', '--b', 'True']);
  });

  it('is read from click', () => {
    const source = `
import click
@click.command()
@click.option("--learning-rate", "-l", "lr", default=0.1)
@click.option('--shuffle/--no-shuffle', default=True)
@click.option('--quick', is_flag=True)
@click.option('--tag', multiple=True)
@click.option('--Size', nargs=2, type=int)
@click.option('--upper', 'case', flag_value='upper')
@click.argument('DATA')
def main(**given): ...
`;
    const params = {
      lr: '1',
      shuffle: 'False',
      quick: 'True',
      tag: "('a',)",
      size: '(1, 2)',
      case: 'upper',
      data: 'x',
    };
    assert.deepEqual(propose(source, params).args, [
      ...['x', '--learning-rate', '1', '--no-shuffle', '--quick', '--tag', 'a', '--Size', '1', '2'],
    ]);
    const other = 'from settings import option\n@option("--lr")\ndef f(): ...\n';
    assert.deepEqual(scriptOptions(other), []);
  });

  it('is nothing that stands in comments, texts and names that only a program knows', () => {
    const source = `
"""parser.add_argument("--doc")"""
# parser.add_argument("--comment")
note = 'parser.add_argument("--text")'
for name in names:
    parser.add_argument(f"--{name}")
    parser.add_argument("--" + name)
    parser.add_argument(*name)
parser.add_argument("--open"
`;
    assert.deepEqual(scriptOptions(source), []);
  });

  it('is left to a person where several commands share a file', () => {
    const two = 'a = ArgumentParser()\nb = argparse.ArgumentParser()\na.add_argument("--x")\n';
    const nested = `${argparse('"--x"')}subs = parser.add_subparsers()\n`;
    const groups = 'import click\n@click.group()\ndef cli(): ...\n@cli.command()\n@click.option("--x")\ndef a(): ...\n';
    for (const source of [two, nested, groups]) assert.equal(scriptOptions(source), undefined, source);
    const typer = 'import typer\napp = typer.Typer()\ndef main(lr: float = typer.Option(0.1)): ...\n';
    assert.deepEqual(scriptOptions(typer), []);
  });

  it('is read from literals alone', () => {
    assert.deepEqual([`'a'`, `"it's"`, `r'\\d'`, `'\\n'`, `"""a"b"""`, `''`].map(textLiteral), [
      'a',
      "it's",
      '\\d',
      '\n',
      'a"b',
      '',
    ]);
    for (const other of [`f'{a}'`, `b'a'`, `'a' + 'b'`, `'a' 'b'`, 'a', `'\\x41'`, '5', `'a`])
      assert.equal(textLiteral(other), undefined, other);
    assert.deepEqual(listLiteral("[1, 'a, b', None]"), ['1', 'a, b', 'None']);
    assert.deepEqual([listLiteral('(1,)'), listLiteral('[]')], [['1'], []]);
    for (const other of ['[[1]]', 'a', '{1}', '[x]', "['a' 'b']"]) assert.equal(listLiteral(other), undefined, other);
    const [call] = callsIn('f(a, b == c, d=g(1, 2), # e\n h={"i": [j, k]})', /\bf(?=\()/g);
    assert.deepEqual(call?.positional, ['a', 'b == c']);
    assert.deepEqual(
      [...(call?.keywords ?? [])],
      [
        ['d', 'g(1, 2)'],
        ['h', '{"i": [j, k]}'],
      ],
    );
  });
});
