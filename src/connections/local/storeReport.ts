/** What the interpreter says of itself and of a database file. */
export interface StoreReport {
  /** Of the installed MLflow; absent when none is. */
  readonly mlflow?: string;
  /** The newest schema revision that this MLflow knows. */
  readonly head?: string;
  /** Every revision it knows. */
  readonly known: readonly string[];
  /** missing: no such file. empty: a database without MLflow's tables. broken: no SQLite database. */
  readonly file: 'missing' | 'empty' | 'ok' | 'broken';
  /** The revision of the file. */
  readonly revision?: string;
}

/** What follows for a server that is to be started on the file. */
export type DatabaseVerdict = 'ready' | 'older' | 'newer' | 'broken';

export function databaseVerdict({ file, revision, head, known }: StoreReport): DatabaseVerdict {
  if (file === 'broken') return 'broken';
  if (file === 'missing' || file === 'empty' || revision === undefined) return 'ready';
  if (revision === head) return 'ready';
  // A revision that this MLflow has never heard of was written by a later one.
  return known.includes(revision) ? 'older' : 'newer';
}

/** MLflow 3.13 and later refuse a file store unless told otherwise. */
export function refusesFileStore(mlflow: string): boolean {
  const [major = 0, minor = 0] = mlflow.split('.').map((part) => Number.parseInt(part, 10));
  return major > 3 || (major === 3 && minor >= 13);
}

/**
 * Reads revisions without importing MLflow, which takes seconds, and without touching the file: the database is opened
 * read-only, the migrations are read as text. argv: path of the database, or nothing.
 */
export const reportScript = `
import importlib.metadata, importlib.util, json, os, re, sqlite3, sys, urllib.request
report = {"known": [], "file": "missing"}
try:
    report["mlflow"] = importlib.metadata.version("mlflow")
except importlib.metadata.PackageNotFoundError:
    pass
spec = importlib.util.find_spec("mlflow")
if spec is not None and spec.submodule_search_locations:
    folder = os.path.join(list(spec.submodule_search_locations)[0], "store", "db_migrations", "versions")
    parents = set()
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if name.endswith(".py"):
            with open(os.path.join(folder, name), encoding="utf8") as file:
                text = file.read()
            own = re.search(r"^revision\\s*(?::[^=]+)?=\\s*[\\"']([^\\"']+)", text, re.M)
            before = re.search(r"^down_revision\\s*(?::[^=]+)?=\\s*[\\"']([^\\"']+)", text, re.M)
            if own:
                report["known"].append(own.group(1))
            if before:
                parents.add(before.group(1))
    heads = [item for item in report["known"] if item not in parents]
    if len(heads) == 1:
        report["head"] = heads[0]
path = sys.argv[1] if len(sys.argv) > 1 else ""
if path and os.path.exists(path):
    try:
        uri = "file:" + urllib.request.pathname2url(os.path.abspath(path)) + "?mode=ro"
        database = sqlite3.connect(uri, uri=True)
        tables = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
        if "alembic_version" in tables:
            rows = database.execute("select version_num from alembic_version").fetchall()
            report["file"] = "ok"
            if len(rows) == 1:
                report["revision"] = rows[0][0]
        else:
            report["file"] = "ok" if "experiments" in tables else "empty"
        database.close()
    except sqlite3.DatabaseError:
        report["file"] = "broken"
print(json.dumps(report))
`;

/**
 * A consistent copy of a database that may be in use, what its write-ahead log holds included. Fails when the copy
 * exists. argv: database, copy.
 */
export const backupScript = `
import os, sqlite3, sys, urllib.request
source, copy = sys.argv[1], sys.argv[2]
os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
origin = sqlite3.connect("file:" + urllib.request.pathname2url(os.path.abspath(source)) + "?mode=ro", uri=True)
target = sqlite3.connect(copy)
origin.backup(target)
if target.execute("pragma quick_check").fetchone()[0] != "ok":
    sys.exit("the copy is damaged")
target.close()
origin.close()
`;

/** What `reportScript` printed. Throws when it is anything else. */
export function decodeStoreReport(text: string): StoreReport {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('The interpreter gave no report.');
  const field = (key: string): unknown => Reflect.get(value, key);
  const optional = (key: string) => {
    const found = field(key);
    return typeof found === 'string' ? found : undefined;
  };
  const files = ['missing', 'empty', 'ok', 'broken'] as const;
  const file = files.find((name) => name === field('file'));
  const known = field('known');
  if (!file || !Array.isArray(known)) throw new Error('The interpreter gave no report.');
  const [mlflow, head, revision] = [optional('mlflow'), optional('head'), optional('revision')];
  return {
    file,
    known: known.filter((item) => typeof item === 'string'),
    ...(mlflow ? { mlflow } : {}),
    ...(head ? { head } : {}),
    ...(revision ? { revision } : {}),
  };
}

/** `mlflow.db.20261124-091500.bak` */
export function backupName(database: string, at: Date): string {
  const stamp = at.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${database}.${stamp}.bak`;
}
