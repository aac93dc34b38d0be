import * as vscode from 'vscode';
import { unlinked } from './messages';

/** The person pressed the back button. */
export const back = Symbol('back');

interface StepFrame {
  readonly title: string;
  readonly placeholder: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
  /** Beside the back button; pressing one leaves the step as cancelling does. */
  readonly buttons?: readonly StepButton[];
}

export interface StepButton extends vscode.QuickInputButton {
  /** Told what stands in the box. */
  readonly press: (value: string) => void;
}

export interface PickStep<T extends vscode.QuickPickItem> extends StepFrame {
  readonly items: readonly T[];
  /** Gives the rows once more when what it waits for is there; a progress bar runs until then. */
  readonly later?: Promise<readonly T[]>;
  /** A row made of what is being typed. */
  readonly typed?: (value: string) => T | undefined;
}

/** One quick pick of a sequence. Undefined when cancelled. */
export function pickStep<T extends vscode.QuickPickItem>(step: PickStep<T>): Promise<T | typeof back | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  frame(pick, step);
  let known = step.items;
  const render = () => {
    const typed = step.typed?.(pick.value);
    pick.items = typed ? [typed, ...known] : known;
  };
  pick.matchOnDescription = true;
  pick.onDidChangeValue(() => step.typed && render());
  render();
  if (step.later) {
    pick.busy = true;
    step.later.then(
      (items) => {
        known = items;
        pick.busy = false;
        render();
      },
      () => {
        pick.busy = false;
      },
    );
  }
  return settle(pick, step, () => pick.selectedItems[0]);
}

export interface InputStep extends StepFrame {
  readonly value?: string;
  readonly prompt: string;
  readonly password?: boolean;
  /** What is wrong with the text, or undefined. */
  readonly problem: (text: string) => string | undefined;
  /** Shown at once: why the last answer was not good enough. */
  readonly complaint?: string;
}

/** One input box of a sequence; only text without a problem is given. Undefined when cancelled. */
export function inputStep(step: InputStep): Promise<string | typeof back | undefined> {
  const input = vscode.window.createInputBox();
  frame(input, step);
  input.value = step.value ?? '';
  input.prompt = unlinked(step.prompt);
  input.password = step.password ?? false;
  const problemOf = (text: string) => {
    const problem = step.problem(text);
    return problem && unlinked(problem);
  };
  if (step.complaint) input.validationMessage = unlinked(step.complaint);
  input.onDidChangeValue((text) => {
    input.validationMessage = text === '' ? undefined : problemOf(text);
  });
  return settle(input, step, () => {
    const problem = problemOf(input.value);
    if (problem) input.validationMessage = problem;
    return problem ? undefined : input.value;
  });
}

function frame(input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox, step: StepFrame): void {
  input.title = step.title;
  input.placeholder = step.placeholder;
  input.step = step.step;
  input.totalSteps = step.totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = [...(step.canGoBack ? [vscode.QuickInputButtons.Back] : []), ...(step.buttons ?? [])];
}

interface AcceptableInput extends vscode.QuickInput {
  readonly value: string;
  readonly onDidAccept: vscode.Event<void>;
  readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
}

/** Shows the input until it is accepted with a value, left by a button, or hidden. */
function settle<R>(
  input: AcceptableInput,
  { buttons }: StepFrame,
  accepted: () => R | undefined,
): Promise<R | typeof back | undefined> {
  return new Promise((resolve) => {
    const end = (result: R | typeof back | undefined) => {
      resolve(result);
      input.dispose();
    };
    input.onDidAccept(() => {
      const result = accepted();
      if (result !== undefined) end(result);
    });
    input.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) return end(back);
      buttons?.find((own) => own === button)?.press(input.value);
      end(undefined);
    });
    input.onDidHide(() => end(undefined));
    input.show();
  });
}
