/** The text in the first of the marks that it does not hold: MLflow has no escapes. Undefined when it holds them all. */
export function enclose(text: string, marks: readonly string[]): string | undefined {
  const mark = marks.find((candidate) => !text.includes(candidate));
  return mark === undefined ? undefined : `${mark}${text}${mark}`;
}

/** What no database takes, or not all of them. */
const unsendable = /\0|\p{Surrogate}/u;

/**
 * A key as MLflow's search grammar reads it; undefined for one that it cannot read. MLflow's parser takes `\"` for a part
 * of the text, and strips backticks that are within quotes (`_get_identifier` in mlflow/utils/search_utils.py).
 */
export function serverKey(key: string): string | undefined {
  if (unsendable.test(key)) return undefined;
  if (!key.includes('`')) return `\`${key}\``;
  return (key.startsWith('`') && key.endsWith('`')) || key.endsWith('\\') ? undefined : enclose(key, ['"']);
}

/** A text as MLflow's search grammar reads it; undefined for one that it cannot read. */
export function serverText(text: string): string | undefined {
  return unsendable.test(text) || text.endsWith('\\') ? undefined : enclose(text, ["'", '"']);
}

/**
 * A pattern for LIKE that takes at least what the pattern takes. What cannot be sent becomes `_`; so does a backslash, an
 * escape on some databases and a character on others.
 */
export function sendablePattern(pattern: string): string {
  const characters = pattern.replaceAll('\\', '_').replaceAll(/\0|\p{Surrogate}/gu, '_');
  return serverText(characters) === undefined ? characters.replaceAll('"', '_') : characters;
}

const wordKey = /^[a-z_][\w.]*$/i;
/** Words of SQL that MLflow's parser takes for something else than a key, as far as runs are likely to have such keys. */
const reserved = new Set(
  'and or not in is null like ilike between from as case values using end order by group desc asc if'.split(' '),
);

/** A key as the filter box has it: bare where that is safe on every server, else quoted; a quote inside is doubled. */
export function boxKey(key: string): string {
  if (wordKey.test(key) && !key.endsWith('.') && !key.split('.').some((part) => reserved.has(part.toLowerCase())))
    return key;
  return enclose(key, ['`', '"']) ?? `\`${key.replaceAll('`', '``')}\``;
}

/** A text as the filter box has it; a quote inside is doubled where it holds both. */
export function boxText(text: string): string {
  return enclose(text, ["'", '"']) ?? `'${text.replaceAll("'", "''")}'`;
}
