import type { BandKind } from '../../src/shared/series/groupBand';
import type { LineAxis, Smoothing } from '../../src/shared/view/lineSettings';
import type { Choice } from './settingsFields';

export const axisChoices: readonly (Choice & { readonly value: LineAxis })[] = [
  { value: 'step', text: 'Step' },
  { value: 'relative', text: 'Relative time' },
  { value: 'wall', text: 'Time of day' },
  { value: 'metric', text: 'Another metric' },
];

export const smoothingChoices: readonly (Choice & { readonly value: Smoothing })[] = [
  { value: 'ema', text: 'Moving average (EMA)' },
  { value: 'mean', text: 'Running mean' },
  { value: 'gaussian', text: 'Gaussian' },
];

export const bandChoices: readonly (Choice & { readonly value: BandKind })[] = [
  { value: 'range', text: 'Least to greatest' },
  { value: 'deviation', text: '± standard deviation' },
  { value: 'error', text: '± standard error' },
];

export const isChoice = <T extends string>(choices: readonly { readonly value: T }[], value: string): value is T =>
  choices.some((choice) => choice.value === value);
