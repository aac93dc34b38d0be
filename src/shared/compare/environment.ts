/** A package as a requirement names it. */
export interface Requirement {
  /** As PyPI compares names: lower case, `-` for runs of `-_.`. */
  readonly name: string;
  /** `2.1.0` for `==2.1.0`; else the specifier, address or marker as text; `any` where nothing is asked. */
  readonly version: string;
}

/** What the files of a model or run say of the Python they were made with. */
export interface Environment {
  /** `3.11.9`; '' where no file says. */
  readonly python: string;
  readonly packages: readonly Requirement[];
}

export interface EnvironmentFile {
  readonly name: EnvironmentFileName;
  readonly text: string;
}

/** In the order in which they are believed. https://mlflow.org/docs/latest/ml/model/dependencies */
export const environmentFileNames = ['requirements.txt', 'python_env.yaml', 'conda.yaml'] as const;
export type EnvironmentFileName = (typeof environmentFileNames)[number];

/** Packages of one environment; real ones have a few hundred. */
const mostPackages = 5_000;
/** Characters of a line that are looked at. */
const longestLine = 2_000;

/** @param parseYaml throws for what is no YAML; such a file says nothing */
export function readEnvironment(files: readonly EnvironmentFile[], parseYaml: (text: string) => unknown): Environment {
  const packages = new Map<string, string>();
  let python = '';
  const add = (requirements: readonly Requirement[]) => {
    for (const { name, version } of requirements)
      if (!packages.has(name) && packages.size < mostPackages) packages.set(name, version);
  };
  for (const name of environmentFileNames)
    for (const file of files.filter((file) => file.name === name)) {
      if (name === 'requirements.txt') add(parseRequirements(file.text));
      else {
        const found = name === 'conda.yaml' ? readConda(parseYaml(file.text)) : readPythonEnv(parseYaml(file.text));
        python ||= found.python;
        add(found.packages);
      }
    }
  return { python, packages: [...packages].map(([name, version]) => ({ name, version })) };
}

/**
 * Lines of a requirements file. Comments, hashes and pip's own options are left out; what names no package (another
 * file, an address without a name) stands under its own text. Addresses lose user names, passwords and queries.
 * https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function parseRequirements(text: string): Requirement[] {
  const joined = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return joined.flatMap((raw) => {
    const line = raw
      .replace(/(^|\s)#.*$/, '')
      .replace(/\s--(hash|config-settings?|global-option)[= ]\S+/g, '')
      .trim()
      .slice(0, longestLine);
    return line === '' ? [] : parseRequirement(line);
  });
}

function parseRequirement(line: string): Requirement[] {
  const included = /^(-r|--requirement|-c|--constraint)[\s=]+(.+)$/.exec(line);
  if (included?.[1] && included[2]) {
    const option = included[1].startsWith('-c') || included[1] === '--constraint' ? '-c' : '-r';
    return [{ name: `${option} ${withoutSecrets(included[2])}`, version: 'included' }];
  }
  const target = line.replace(/^(-e|--editable)[\s=]+/, '');
  if (target.startsWith('-')) return [];
  if (isAddress(target)) return [ofAddress(target)];
  const parts = /^([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*(@\s*\S+|[^;@]*)\s*(?:;\s*(.*))?$/.exec(target);
  if (!parts?.[1]) return [{ name: withoutSecrets(target), version: 'any' }];
  const [, name, extras = '', specifier = '', marker = ''] = parts;
  const version = versionText(specifier.trim());
  return [
    {
      name: normalName(name),
      version: `${extras ? `${extras} ` : ''}${version}${marker ? ` (${marker.trim()})` : ''}`,
    },
  ];
}

function versionText(specifier: string): string {
  if (specifier === '') return 'any';
  if (specifier.startsWith('@')) return withoutSecrets(specifier.slice(1).trim());
  const text = specifier.replace(/^\((.*)\)$/, '$1').replaceAll(/\s+/g, '');
  return /^={2,3}[^,*]+$/.test(text) ? text.replace(/^=+/, '') : text;
}

const isAddress = (text: string) =>
  /^((git|hg|svn|bzr)\+)?[a-z][a-z0-9.+-]*:\/\//i.test(text) || /^(\.{0,2}\/|[A-Za-z]:\\)/.test(text);

/** `git+https://host/repo.git@tag#egg=name` is the package `name`; without `egg` its last part. */
function ofAddress(address: string): Requirement {
  const egg = /[#&]egg=([\w.-]+)/.exec(address)?.[1];
  const last = /([\w.-]+?)(\.git|\.whl|\.tar\.gz|\.zip)?(@[^/#]*)?\/?([#?].*)?$/.exec(address)?.[1];
  return { name: normalName(egg ?? last ?? address), version: withoutSecrets(address) };
}

/** PEP 503. */
export const normalName = (name: string) => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** Tokens stand before the `@` of an address or in its query. */
const withoutSecrets = (text: string) =>
  text
    .replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1')
    .replaceAll(/(:\/\/[^\s?#]*)\?[^\s#]*/g, '$1')
    .replace(/#(?!egg=).*$/, '');

/** `python_env.yaml`: `python`, `build_dependencies`, `dependencies`. */
function readPythonEnv(raw: unknown): Environment {
  if (!isRecord(raw)) return { python: '', packages: [] };
  const { python } = raw;
  const lines = [...texts(raw.dependencies), ...texts(raw.build_dependencies)];
  return { python: versionOf(python), packages: lines.flatMap(parseRequirements).filter(isPackage) };
}

/** `conda.yaml`: conda's own packages, and pip's in a list among them. */
function readConda(raw: unknown): Environment {
  const dependencies = isRecord(raw) && Array.isArray(raw.dependencies) ? (raw.dependencies as unknown[]) : [];
  const pip = dependencies.flatMap((item) => (isRecord(item) ? texts(item.pip).flatMap(parseRequirements) : []));
  const conda = texts(dependencies).map(parseConda);
  const python = conda.find(({ name }) => name === 'python')?.version ?? '';
  const packages = [...pip, ...conda.filter(({ name }) => name !== 'python')].filter(isPackage);
  return { python: python === 'any' ? '' : python, packages };
}

/** `channel::name=version=build`, `name>=1,<2`. */
function parseConda(text: string): Requirement {
  const [, name = text, rest = ''] = /^(?:[\w/.-]+::)?([A-Za-z0-9_][\w.-]*)\s*(.*)$/.exec(text.trim()) ?? [];
  const exact = /^={1,2}([^=<>!,*\s]+)(=\S+)?$/.exec(rest);
  return { name: normalName(name), version: exact?.[1] ?? (rest === '' ? 'any' : rest) };
}

/** The other files that a file names are read for themselves. */
const isPackage = ({ name }: Requirement) => !name.startsWith('-');
/** YAML reads `python: 3.9` as a number. */
const versionOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
