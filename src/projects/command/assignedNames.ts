import { readers } from './simpleCommand';

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const anyOf = [...readers]
  .filter((name) => name !== 'in')
  .map(escaped)
  .join('|');
/** Somewhere in a command with these a variable may be code, in quotes too. */
const readsVariables = new RegExp(
  String.raw`\(\(|\$\[|<<<|\w\[(?![@*]\])|(?<![\w-])(?:${anyOf})(?![\w-])|(?<!\S)-(?:[vR]|\w*c)(?!\S)`,
);
const keywords = 'then|else|elif|if|while|until|do|time|command|builtin|exec|coproc';

/**
 * True where a variable of this name goes on as one word, wherever a command uses it: in quotes of its own behind the name
 * of a program, and nothing there that reads variables. By the letters of the command: what else may be a use counts as one.
 */
export function isHeldByName(command: string, name: string): boolean {
  if (!/^[A-Za-z_]\w*$/.test(name)) return false;
  const assigned = String.raw`(?<![\w$])${name}\+?=|(?<!\w)(?:for|select)\s+${name}\s+in(?!\w)|(?<!\w)export\s+${name}(?!\w)`;
  const others = command.replaceAll(new RegExp(assigned, 'g'), ' = ');
  const isUsed = (text: string) => new RegExp(String.raw`(?<!\w)${name}(?!\w|\.[a-z])`).test(text);
  if (!isUsed(others)) return true;
  const behind = String.raw`(?<=[^\s;&|(){}!\\][ \t]+(?:-[\w-]+=)?)(?<!(?:^|[\s;&|()])(?:${keywords})[ \t]+)`;
  const held = new RegExp(String.raw`${behind}"\$(?:${name}|\{${name}(?:\[[@*]\])?\})"(?=[\s;&|)]|$)`, 'g');
  return !readsVariables.test(command) && !isUsed(others.replaceAll(held, '""'));
}

/** True where a command reads variables from what it is given, and may execute them. */
export const readsVariablesIn = (command: string): boolean =>
  /(?<![\w-])(?:read|mapfile|readarray)(?![\w-])/.test(command) &&
  /(?<![\w-])(?:eval|let|declare|typeset|local)(?![\w-])|\(\(|\$\[|\[\[/.test(command);
