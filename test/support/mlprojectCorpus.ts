const written: Readonly<Record<string, string>> = {
  empty: '',
  'only a comment': '# nothing\n',
  'a text': 'hello\n',
  'a list': '- a\n- b\n',
  'no entry points': 'name: x\n',
  'name that is a number': 'name: 1.50\n',
  'entry points null': 'entry_points:\n',
  'entry points empty': 'entry_points: {}\n',
  'entry points a list': 'entry_points:\n  - main\n',
  'entry point null': 'entry_points:\n  main:\n',
  'entry point a text': 'entry_points:\n  main: python train.py\n',
  'no command': 'entry_points:\n  main:\n    parameters: {a: float}\n',
  'command a number': 'entry_points:\n  main: {command: 5}\n',
  'command a mapping by its braces': 'entry_points:\n  main:\n    command: {a}\n',
  'parameters null': 'entry_points:\n  main:\n    parameters:\n    command: x\n',
  'parameters a list': 'entry_points:\n  main:\n    parameters: [a]\n    command: x\n',
  'parameter null': 'entry_points:\n  main:\n    parameters: {a: }\n    command: x\n',
  'parameter a number': 'entry_points:\n  main:\n    parameters: {a: 0.5}\n    command: x\n',
  'parameter a date': 'entry_points:\n  main:\n    parameters: {a: 2024-01-02}\n    command: x\n',
  'parameter a boolean': 'entry_points:\n  main:\n    parameters: {a: yes}\n    command: x\n',
  'parameter a list': 'entry_points:\n  main:\n    parameters: {a: [float]}\n    command: x\n',
  types: `entry_points:
  main:
    parameters:
      a: float
      b: {type: path}
      c: {default: x}
      d: {type: uri, default: "s3://b"}
      e: {type: }
      f: {type: 5, default: 5}
      g: {}
      h: 'string'
    command: "run {a}"
`,
  defaults: `entry_points:
  main:
    command: x
    parameters:
      i1: {default: 5}
      i2: {default: 0x1F}
      i3: {default: 010}
      i4: {default: 0b101}
      i5: {default: 1_000}
      i6: {default: -7}
      i7: {default: +7}
      i8: {default: 1:30}
      i9: {default: 123456789012345678901234567890}
      i10: {default: 08}
      f1: {default: 0.5}
      f2: {default: 1.0}
      f3: {default: 1e-3}
      f4: {default: 1.0e-5}
      f5: {default: 1.0e+20}
      f6: {default: 1.0e5}
      f7: {default: .5}
      f8: {default: -0.0}
      f9: {default: .inf}
      f10: {default: -.INF}
      f11: {default: .nan}
      f12: {default: 123456789.123456789}
      f13: {default: 1.}
      f14: {default: 0.0001}
      f15: {default: 0.00001}
      f16: {default: 1234567890123456.0}
      f17: {default: 12345678901234567.0}
      f18: {default: 1:30.5}
      f19: {default: 1.5_0}
      f20: {default: -2.50e-07}
      b1: {default: yes}
      b2: {default: False}
      b3: {default: on}
      b4: {default: "yes"}
      b5: {default: y}
      n1: {default: ~}
      n2: {default: null}
      n3: {default: }
      n4: {default: ""}
      n5: {default: 'null'}
      t1: {default: 2024-02-29}
      t2: {default: 2001-12-14 21:59:43.10}
      t3: {default: 2001-12-15T02:59:43Z}
      t4: {default: 2001-1-1 1:02:03}
      s1: {default: a b}
      s2: {default: "tab\\tend"}
      s3: {default: 'it''s'}
      s4: {default: !!str 5}
      s5: {default: !!int "5"}
      s6: {default: !!float 5}
      s7: {default: ! 5}
      l1: {default: [1, two, 3.0, "it's", null]}
      l2: {default: {a: 1, b: [x]}}
`,
  'block texts': 'entry_points:\n  main:\n    command: |\n      a\n\tb\n    parameters:\n      p: {default: x}\n',
  folded: 'entry_points:\n  main:\n    command: >-\n      python a.py\n      --x {x}\n    parameters: {x: string}\n',
  'a date that is none': 'entry_points:\n  main:\n    command: x\n    parameters: {a: {default: 2024-02-31}}\n',
  'broken syntax': 'entry_points:\n  main:\n    command: "unfinished\n',
  'broken indentation': 'entry_points:\n  main:\n   command: x\n    parameters: {}\n',
  'a colon too many': 'entry_points:\n  main:\n    command: a: b\n',
  'two documents': 'name: a\n---\nname: b\n',
  'a document with marks': '---\nname: a\nentry_points: {main: {command: x}}\n...\n',
  'tab as indentation': 'entry_points:\n\tmain:\n',
  'tab between': 'name:\tx\n',
  'tab at the end': 'name: x\t\n',
  'tab before a comment': 'name: x\t# c\n',
  'tab in quotes': 'name: "a\tb"\n',
  'tab in a comment': 'name: x #\ta\n',
  'tab in a plain text': 'name: a\tb\n',
  'duplicate entry points': 'entry_points:\n  a: {command: x}\n  b: {command: y}\n  a: {command: z}\n',
  'duplicate sections': 'entry_points: {a: {command: x}}\nentry_points: {b: {command: y}}\n',
  aliases: `base: &p
  lr: {type: float, default: 0.1}
entry_points:
  a: {parameters: *p, command: x}
  b:
    parameters:
      <<: *p
      lr: {default: 2}
      extra: &x string
      other: *x
    command: y
`,
  'merge of several': `a: &a {x: {default: 1}, y: {default: 1}}
b: &b {y: {default: 2}, z: {default: 2}}
entry_points: {main: {parameters: {<<: [*a, *b]}, command: c}}
`,
  'merge of a text': 'entry_points: {main: {parameters: {<<: x}, command: c}}\n',
  'unknown alias': 'entry_points: *nothing\n',
  'python tag': 'name: !!python/object/apply:os.system ["true"]\n',
  'own tag': 'name: !mine x\n',
  'wrong tag': 'name: !!int x\n',
  'equals sign': 'name: =\n',
  'list as a key': '? [a]\n: b\n',
  'keys that are no texts': 'entry_points:\n  1: {command: x, parameters: {2: {default: 1}, yes: string}}\n',
  'prototype keys':
    'entry_points:\n  __proto__: {command: x, parameters: {__proto__: string, constructor: {default: 1}}}\n  constructor: {command: y}\n',
  'upper case section': 'Entry_Points: {main: {command: x}}\n',
  python_env: 'python_env: env.yaml\nentry_points: {main: {command: x}}\n',
  'python_env missing': 'python_env: nothing.yaml\n',
  'python_env empty': 'python_env:\n',
  'python_env a mapping': 'python_env: {a: b}\n',
  'python_env a number': 'python_env: 5\n',
  conda_env: 'conda_env: env.yaml\n',
  'conda_env missing': 'conda_env: nothing.yaml\n',
  'two environments': 'python_env: env.yaml\nconda_env: env.yaml\n',
  'two empty environments': 'python_env:\nconda_env:\n',
  docker_env: 'docker_env: {image: x}\n',
  'docker_env empty': 'docker_env: {}\n',
  'docker_env a text': 'docker_env: x\n',
  'docker_env without image': 'docker_env: {volumes: []}\n',
  'docker_env volumes': 'docker_env: {image: x, volumes: ["/a:/b"]}\n',
  'docker_env bad volumes': 'docker_env: {image: x, volumes: [5]}\n',
  'docker_env volumes a text': 'docker_env: {image: x, volumes: "/a:/b"}\n',
  'docker_env environment': 'docker_env: {image: x, environment: [[A, b], C]}\n',
  'docker_env bad environment': 'docker_env: {image: x, environment: [5]}\n',
  'spark job with both': 'databricks_spark_job: {python_file: a.py}\nentry_points: {main: {command: x}}\n',
  'spark job with neither': 'databricks_spark_job: {parameters: []}\n',
  'spark job': 'databricks_spark_job: {python_file: a.py}\n',
  'spark job with environment': 'databricks_spark_job: {python_file: a.py}\npython_env: env.yaml\n',
  'byte order mark': '\ufeffname: x\n',
  'control character': 'name: "a\u0001b"\n',
  unicode: 'name: "größe 😀"\nentry_points: {"größe": {command: x, parameters: {"π": {default: "é"}}}}\n',
  'carriage returns': 'name: x\r\nentry_points:\r\n  main:\r\n    command: a\r\n',
  'unknown placeholder': 'entry_points: {main: {command: "x {nobody}"}}\n',
  'unknown placeholder after a known one': 'entry_points: {main: {parameters: {a: string}, command: "x {a} {b}"}}\n',
  'placeholder of another entry point':
    'entry_points: {one: {parameters: {a: string}, command: "x {a}"}, two: {command: "y {a}"}}\n',
  'placeholder in quotes': 'entry_points: {main: {parameters: {a: string}, command: "x \'{a}\'"}}\n',
  'placeholder with a dash':
    'entry_points: {main: {parameters: {learning-rate: float}, command: "x {learning-rate}"}}\n',
  'placeholder with a dot': 'entry_points: {main: {parameters: {a.b: float}, command: "x {a.b}"}}\n',
  'placeholder of a number key': 'entry_points: {main: {parameters: {1: string}, command: "x {1}"}}\n',
  'placeholder of a boolean key': 'entry_points: {main: {parameters: {yes: string}, command: "x {True}"}}\n',
  'placeholder in another script':
    'entry_points: {main: {parameters: {"größe": {default: "é"}}, command: "x {größe}"}}\n',
  'placeholder with spaces': 'entry_points: {main: {parameters: {a: string}, command: "x { a }"}}\n',
  'parameter that is not used': 'entry_points: {main: {parameters: {a: string, b: {default: 1}}, command: "x {a}"}}\n',
  'parameter used twice': 'entry_points: {main: {parameters: {a: {default: "1 2"}}, command: "x {a} {a}"}}\n',
  'uri that is none': 'entry_points: {main: {parameters: {a: {type: uri, default: plain}}, command: "x {a}"}}\n',
  'uri that is one': 'entry_points: {main: {parameters: {a: {type: uri, default: "s3://b/c"}}, command: "x {a}"}}\n',
  'uri without a default': 'entry_points: {main: {parameters: {a: uri}, command: "x {a}"}}\n',
  'type nobody knows': 'entry_points: {main: {parameters: {a: {type: flaot, default: 1}}, command: "x {a}"}}\n',
  'float that is none': 'entry_points: {main: {parameters: {a: {type: float, default: abc}}, command: "x {a}"}}\n',
  'default that is null': 'entry_points: {main: {parameters: {a: {type: float, default: }}, command: "x {a}"}}\n',
  'values for the shell': `entry_points:
  main:
    parameters:
      quote: {default: "it's"}
      spaces: {default: "a  b"}
      dollar: {default: "$(touch x)"}
      empty: {default: ""}
      plain: {default: "a-b_c.d/e:f@g%h+i=j,k"}
      wide: {default: "größe 😀"}
      lines: {default: "a\\nb"}
    command: "x {quote} {spaces} {dollar} {empty} {plain} {wide} {lines}"
`,
  'unknown keys': 'author: me\nentry_points: {main: {comand: x, command: y, paramters: {a: float}}}\n',
  'key in another letter case': 'Name: x\nentry_points: {main: {Command: x}}\n',
  'parameter with more keys': 'entry_points: {main: {parameters: {a: {type: float, defualt: 1}}, command: "x {a}"}}\n',
  'duplicate parameters': 'entry_points: {main: {parameters: {a: float, a: {default: 1}}, command: "x {a}"}}\n',
  'duplicate commands': 'entry_points: {main: {command: "x {b}", command: "y"}}\n',
  'duplicate environments': 'python_env: nothing.yaml\npython_env: env.yaml\n',
  'command null': 'entry_points: {main: {command: }}\n',
  'command a list': 'entry_points: {main: {command: [python, train.py]}}\n',
  'command a boolean': 'entry_points: {main: {command: yes}}\n',
  'command empty': 'entry_points: {main: {command: ""}}\n',
  'command with a comment': 'entry_points:\n  main:\n    command: python x {a} # {b}\n    parameters: {a: string}\n',
  'command over plain lines':
    'entry_points:\n  main:\n    command: python x\n      --a {a}\n      --b {b}\n    parameters: {a: string}\n',
  'command with line ends of its own':
    'entry_points:\n  main:\n    command: "python x \\\n      {a}\\n{a}"\n    parameters: {a: {default: 1}}\n',
  'command with a here document':
    'entry_points:\n  main:\n    command: |\n      cat <<\'EOF\'\n      {{"a": {a}}}\n      EOF\n    parameters: {a: {default: 1}}\n',
  'command with awk': 'entry_points:\n  main:\n    command: "awk \'{print $1}\' data.csv"\n',
  'command with awk doubled': 'entry_points:\n  main:\n    command: "awk \'{{print $1}}\' data.csv"\n',
  'command with a shell variable': `entry_points:\n  main:\n    command: "x \${HOME}"\n`,
  'command with a shell variable doubled': `entry_points:\n  main:\n    command: "x \${{HOME}}"\n`,
  'command that is an alias':
    'c: &c "x {a}"\nentry_points: {one: {command: *c}, two: {parameters: {a: {default: 2}}, command: *c}}\n',
  'entry point an alias': 'entry_points:\n  one: &p {parameters: {a: {default: 1}}, command: "x {a}"}\n  two: *p\n',
  'environment in a folder': 'conda_env: folder/env.yaml\n',
  'environment that is the folder': 'python_env: .\n',
  'environment of another folder': 'python_env: ../nowhere/env.yaml\n',
  'three environments': 'python_env: env.yaml\nconda_env: env.yaml\ndocker_env: {image: x}\n',
  'docker_env image null': 'docker_env: {image: }\n',
  'docker_env image a number': 'docker_env: {image: 5}\n',
  'docker_env with more': 'docker_env: {image: x, network: host}\n',
  'docker_env a list': 'docker_env: [image]\n',
  'conda_env a list': 'conda_env: [env.yaml]\n',
  'spark job empty': 'databricks_spark_job: {}\n',
  'spark job null': 'databricks_spark_job:\nentry_points: {main: {command: x}}\n',
  'spark job a text': 'databricks_spark_job: a.py\n',
  'spark job with libraries': 'databricks_spark_job: {python_file: a.py, parameters: [x], python_libraries: [numpy]}\n',
  'deep nesting': `entry_points: ${'['.repeat(30)}${']'.repeat(30)}\n`,
  'an unclosed flow': 'entry_points: {main: {command: x\n',
  'a closing brace too many': 'entry_points: {main: {command: x}}}\n',
  'a directive': '%YAML 1.1\n---\nname: x\n',
  'no line end': 'name: x',
};

/** Commands as a person may write them, right and wrong, of an entry point with the parameters `a`, `b` and `w`. */
export const commands: readonly string[] = [
  'python train.py --a {a} --b {b}',
  'python -c "print({a})" {w}',
  "bash -c 'echo {w}' && ls",
  'echo {{a}} {a} {{',
  'echo } {a}',
  'echo {a',
  'echo {} {a}',
  'echo {0}',
  'echo {c}',
  'echo {a!r} {b!s} {w!a}',
  'echo {a:>8}|{b:^9}|{w:*<5}|{a:.1}|{b:05}',
  'echo {a:d}',
  'echo {a:{b}}',
  'echo {a[0]} {w[1]}',
  'echo {a[9]}',
  'echo {a!x}',
  'echo {a!r',
  'echo {a:',
  'echo {a b}',
  'echo {{{a}}} {{{{b}}}}',
];

/** Ways in which YAML writes one text. */
const styles: Readonly<Record<string, (text: string) => string>> = {
  'in double quotes': (text) => JSON.stringify(text),
  'in single quotes': (text) => `'${text.replaceAll("'", "''")}'`,
  'as a literal': (text) => `|\n      ${text}`,
  folded: (text) => `>-\n      ${text.split(' ').join('\n      ')}`,
};

const generated = Object.fromEntries(
  commands.flatMap((command) =>
    Object.entries(styles).map(([style, write]) => [
      `${command} ${style}`,
      `entry_points:\n  main:\n    command: ${write(command)}\n    parameters:\n      a: {default: 5}\n      b: float\n      w: {type: string, default: "two words"}\n`,
    ]),
  ),
);

/** MLproject files, good and bad: what MLflow makes of each is asked of MLflow. */
export const corpus: Readonly<Record<string, string>> = { ...written, ...generated };
