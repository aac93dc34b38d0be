// @ts-check
// How the demo's project came to be: one commit after another, and what was trained at each of them.

/**
 * @typedef {object} Commit
 * @property {string} message
 * @property {string} date fixed, so that the commits have the same ids wherever the demo is made
 * @property {string} [overlay] folder in `commits/` with the files as they were then
 * @property {readonly string[]} examples files and folders of `examples/` that are in it as they are now; `*` for all
 * @property {readonly (readonly string[])[]} digits what is run on the digits; in order, as it makes model versions
 * @property {readonly (readonly string[])[]} tables what is run on the other data sets, at the same time
 */

const model = 'digits-classifier';

/** @param {string} text */
const train = (text) => ['train.py', ...text.split(' ')];

/** @type {readonly Commit[]} */
export const history = [
  {
    message: 'Train a linear classifier',
    date: '2026-01-05T09:12:00+01:00',
    overlay: '1-linear',
    examples: ['.gitignore', 'python_env.yaml'],
    digits: ['0.0001', '0.001', '0.01', '0.1'].map((rate) => train(`--dataset digits --learning-rate ${rate}`)),
    tables: ['0.0001', '0.001', '0.01', '0.1'].map((rate) => train(`--dataset wine --learning-rate ${rate}`)),
  },
  {
    message: 'Standardise the features, record the data sets',
    date: '2026-01-06T14:40:00+01:00',
    overlay: '2-scaled',
    examples: [],
    digits: ['0.001', '0.01', '0.1'].map((rate) => train(`--dataset digits --learning-rate ${rate}`)),
    tables: [
      ...['0.001', '0.01', '0.1'].map((rate) => train(`--dataset wine --learning-rate ${rate}`)),
      ...['0.001', '0.01', '0.1'].map((rate) => train(`--dataset breast-cancer --learning-rate ${rate}`)),
      train('--dataset breast-cancer --learning-rate 0.01 --alpha 0.01'),
    ],
  },
  {
    message: 'Use a small neural network, log it as a model',
    date: '2026-01-08T10:05:00+01:00',
    overlay: '3-network',
    examples: ['tracking.py'],
    digits: [
      train('--dataset digits --hidden 8'),
      train('--dataset digits --hidden 16'),
      train(`--dataset digits --hidden 32 --register ${model}`),
    ],
    tables: [
      train('--dataset wine --hidden 8'),
      train('--dataset wine --hidden 32'),
      train('--dataset breast-cancer --hidden 8'),
      train('--dataset breast-cancer --hidden 32'),
    ],
  },
  {
    message: 'Predict the progression of diabetes, too; write a model card',
    date: '2026-01-12T16:21:00+01:00',
    overlay: '4-regression',
    examples: ['data.py', 'report.py'],
    digits: [
      train('--dataset digits --hidden 64'),
      train(`--dataset digits --hidden 64 --alpha 1 --register ${model}`),
    ],
    tables: [
      train('--dataset diabetes --hidden 16 --learning-rate 0.005'),
      train('--dataset diabetes --hidden 16 --learning-rate 0.02'),
      train('--dataset diabetes --hidden 16 --learning-rate 0.1'),
      train('--dataset diabetes --hidden 64 --learning-rate 0.02'),
      train('--dataset diabetes --hidden 64 --learning-rate 0.02 --alpha 10'),
    ],
  },
  {
    message: 'Sweep over a grid in nested runs, keep the log of a training',
    date: '2026-01-14T11:33:00+01:00',
    overlay: '5-sweep',
    examples: ['train.py', 'sweep.py', 'grids'],
    digits: [
      ['sweep.py', '--dataset', 'digits', '--grid', 'grids/small.yaml'],
      train(`--dataset digits --hidden 64 --learning-rate 0.001 --register ${model}`),
    ],
    tables: [],
  },
  {
    message: 'Evaluate registered models, learn from a stream, stop what diverges',
    date: '2026-01-19T15:48:00+01:00',
    examples: ['*'],
    digits: [
      train(`--dataset digits --hidden 48 --learning-rate 0.002 --alpha 0.01 --register ${model}`),
      ...['1', '2', '3', '4'].map((version) => ['evaluate.py', '--model', `models:/${model}/${version}`]),
    ],
    tables: [
      train('--dataset breast-cancer --hidden 16 --alpha 0.1'),
      train('--dataset diabetes --hidden 32 --learning-rate 0.05'),
    ],
  },
];

/** The registered model, and what becomes of its versions once all are there. */
export const registeredModel = {
  name: model,
  description: 'Reads hand-written digits of 8 × 8 pixels. Trained by the example project, one version per commit.',
  aliases: { champion: '4', challenger: '3' },
  stages: { 3: 'Production' },
};

/** Entry points run with `mlflow run` in the project itself, at its last commit; the second one is meant to fail. */
export const projectRuns = [
  {
    experiment: 'classification/wine',
    args: ['-P', 'dataset=wine', '-P', 'hidden=16', '-P', 'alpha=0.1'],
    fails: false,
  },
  { experiment: 'classification/wine', args: ['-e', 'diverge'], fails: true },
];
