import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import {
  type FormChoice,
  type FormModel,
  type FormParameter,
  valueIn,
  variedNames,
} from '../../src/shared/protocol/launch';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { rangeHint, renderExtra } from './extraRows';
import { LaunchSession } from './launchSession';

type TextField = 'runName' | 'experiment' | 'backend' | 'backendConfig' | 'storageDir' | 'version';

const textOf = (event: Event) =>
  event.target instanceof HTMLInputElement ||
  event.target instanceof HTMLSelectElement ||
  event.target instanceof HTMLTextAreaElement
    ? event.target.value
    : '';

/** Every option of a launch at once: parameters with their types, a sweep, and where and how it runs. */
@customElement('flowdeck-launch')
export class LaunchForm extends LightElement {
  @state() private revision = 0;
  private readonly session = new LaunchSession();

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('change', () => {
      this.revision++;
    });
    void this.session.start();
  }

  override render(): TemplateResult {
    const { model, choice, failure } = this.session;
    if (!model || !choice)
      return html`<main class="form-note"><p role="status">${failure || 'Reading the project…'}</p>
        ${failure ? html`<button class="link-button" @click=${() => void this.session.reload()}>Try again</button>` : nothing}</main>`;
    return html`<main class="launch-page"><form class="form" data-revision=${this.revision} @submit=${(event: Event) => this.submit(event)}>
        ${this.renderHead(model, choice)} ${this.renderParameters(choice)}
        ${variedNames(choice).length > 0 ? this.renderSweep(choice) : nothing} ${this.renderRun(model, choice)}
        ${this.renderMachine(model, choice)}
        <button type="submit" hidden></button>
      </form>
      ${this.renderFoot()}</main>`;
  }

  private renderHead(model: FormModel, choice: FormChoice): TemplateResult {
    const command = this.session.entryPoint?.command ?? '';
    return html`<div class="form-head">
        <h1>Run ${choice.entryPoint}</h1>
        <span class="quiet">${model.project} → ${model.server}</span>
      </div>
      <pre class="form-command" tabindex="0" aria-label="Command">${command}</pre>
      <div class="form-bar">
        <span class="inline"><label for="entry-point">Entry point</label>
          <select id="entry-point" class="text-input" ?data-begin=${this.session.entryPoint?.parameters.length === 0 && choice.extra.length === 0} .value=${choice.entryPoint}
            @change=${(event: Event) => this.session.chooseEntryPoint(textOf(event))}>
            ${model.entryPoints.map(({ name }) => html`<option value=${name} ?selected=${name === choice.entryPoint}>${name}</option>`)}
          </select></span>
        ${model.history.length > 0 ? this.renderHistory(model) : nothing}
        <button type="button" class="link-button" @click=${() => void this.session.fromRun()}>Take the params of a run…</button>
      </div>`;
  }

  private renderHistory(model: FormModel): TemplateResult {
    return html`<span class="inline"><label for="history">Earlier</label>
      <select id="history" class="text-input" .value=${''} @change=${(event: Event) => this.takeEarlier(model, event)}>
        <option value="" selected>Launches of this project</option>
        ${model.history.map(({ label }, at) => html`<option value=${at}>${label}</option>`)}
      </select></span>`;
  }

  private takeEarlier(model: FormModel, event: Event): void {
    const earlier = model.history[Number(textOf(event))];
    if (earlier && event.target instanceof HTMLSelectElement) {
      event.target.value = '';
      this.session.change(earlier.choice);
    }
  }

  private renderParameters(choice: FormChoice): TemplateResult {
    const parameters = this.session.entryPoint?.parameters ?? [];
    return html`<h2>Parameters</h2>
      ${parameters.length + choice.extra.length === 0 ? html`<p class="quiet">It declares none.</p>` : nothing}
      ${parameters.map((parameter) => this.renderParameter(parameter, choice))}
      ${renderExtra(this.session, choice, () => this.addExtra())}`;
  }

  private async addExtra(): Promise<void> {
    this.session.addExtra();
    await this.updateComplete;
    [...this.querySelectorAll<HTMLElement>('.extra .name')].at(-1)?.focus();
  }

  private renderParameter(parameter: FormParameter, choice: FormChoice): TemplateResult {
    const { name, type, default: fallback } = parameter;
    const varied = choice.sweep.varied.includes(name);
    const problem = this.session.problemOf(name);
    const value = valueIn(choice, name);
    const isEmpty = parameter.takesEmpty && !varied && !value;
    const id = `parameter-${name}`;
    const notes = [...(problem ? [`${id}-problem`] : []), ...(isEmpty ? [`${id}-empty`] : [])];
    const take = (text: string) =>
      this.session.setValue(name, text === '' && fallback === undefined ? undefined : text);
    return html`<div class="field">
      <label for=${id}>${name}<span class="type">${type}${fallback === undefined ? ', required' : ''}</span></label>
      <input id=${id} data-begin class="text-input value" .value=${value ?? ''} spellcheck="false"
        placeholder=${varied ? rangeHint : (fallback ?? '')}
        aria-invalid=${problem ? 'true' : 'false'} aria-describedby=${notes.join(' ') || nothing}
        @input=${(event: Event) => take(textOf(event))} />
      <span class="tools">
        ${
          type === 'path' || type === 'uri'
            ? html`<button type="button" class="icon-button" title="Browse for ${name}" aria-label="Browse for ${name}"
              @click=${() => void this.session.browse(name, true)}>${icons.folder}</button>`
            : nothing
        }
        <button type="button" class="icon-button vary" title="Several values of ${name}, in a sweep" aria-label="Vary ${name} in a sweep"
          aria-pressed=${varied ? 'true' : 'false'} @click=${() => this.session.vary(name, !varied)}>Vary</button>
      </span>
      ${problem ? html`<p class="problem" id="${id}-problem">${problem}</p>` : nothing}
      ${isEmpty ? this.renderEmpty(name, id, value === '') : nothing}
    </div>`;
  }

  /** Nothing typed may be forgotten, or meant: a person says which. */
  private renderEmpty(name: string, id: string, isGiven: boolean): TemplateResult {
    const label = isGiven ? 'Take back' : 'Give empty text';
    return html`<p class="hint"><span id="${id}-empty">${isGiven ? 'The empty text is given.' : ''}</span>
      <button type="button" class="link-button" aria-label=${isGiven ? `Take back the empty text of ${name}` : `Give empty text for ${name}`}
        @click=${() => this.session.setValue(name, isGiven ? undefined : '')}>${label}</button></p>`;
  }

  private renderSweep(choice: FormChoice): TemplateResult {
    const { sweep } = choice;
    const { problems } = this.session.check;
    const number = (key: 'samples' | 'seed' | 'parallel', label: string) => html`<div class="field">
      <label for="sweep-${key}">${label}</label>
      <input id="sweep-${key}" class="text-input narrow" inputmode="numeric" .value=${sweep[key]}
        @input=${(event: Event) => this.session.change({ sweep: { ...sweep, [key]: textOf(event) } })} />
    </div>`;
    const method = (value: 'grid' | 'random', label: string) => html`<label><input type="radio" name="method"
        .checked=${sweep.method === value} @change=${() => this.session.change({ sweep: { ...sweep, method: value } })} /><span>${label}</span></label>`;
    return html`<h2>Sweep over ${variedNames(choice).join(', ')}</h2>
      <p class="hint">Values with commas between them, a range <code>1..5</code>, <code>0..1 step 0.25</code>,
        <code>0..1 count 5</code> or <code>1e-4..1 log 5</code>.</p>
      <div class="field"><span class="label" id="sweep-method">Combinations</span>
        <span class="segments" role="group" aria-labelledby="sweep-method">${method('grid', 'Every one')}${method('random', 'Random')}</span></div>
      ${sweep.method === 'random' ? [number('samples', 'Runs'), number('seed', 'Seed')] : nothing}
      ${number('parallel', 'Runs at a time')} ${problems.sweep ? html`<p class="problem">${problems.sweep}</p>` : nothing}`;
  }

  private renderRun(model: FormModel, choice: FormChoice): TemplateResult {
    return html`<h2>Run</h2>
      ${this.renderText(choice, 'experiment', 'Experiment', { list: model.experiments, placeholder: 'Default' })}
      ${this.renderText(choice, 'runName', 'Name', { placeholder: 'The server chooses one' })}
      ${
        model.isRemote
          ? this.renderText(choice, 'version', 'Version', { placeholder: 'The default branch' })
          : this.renderText(choice, 'version', 'Version', {
              placeholder: 'The files as they are now',
              hint: 'A commit, branch or tag is launched from a working tree of its own; yours is not touched.',
            })
      }`;
  }

  private renderMachine(model: FormModel, choice: FormChoice): TemplateResult {
    const { environmentManager } = choice;
    const remote = choice.backend !== 'local';
    return html`<h2>Environment</h2>
      <div class="field"><label for="manager">Environment manager</label>
        <select id="manager" class="text-input" @change=${(event: Event) => this.session.change({ environmentManager: textOf(event) })}>
          ${model.environmentManagers.map((name) => html`<option value=${name} ?selected=${name === environmentManager}>${name}</option>`)}
        </select></div>
      ${this.renderText(choice, 'backend', 'Backend', { list: model.backends })}
      ${remote ? this.renderText(choice, 'backendConfig', 'Configuration file', { browse: true, placeholder: 'backend.json' }) : nothing}
      ${this.renderText(choice, 'storageDir', 'Storage folder', { browse: true, placeholder: 'A temporary one', hint: 'Where artifacts for parameters of type path are downloaded to.' })}
      ${model.docker ? this.renderDocker(choice) : nothing}`;
  }

  private renderDocker(choice: FormChoice): TemplateResult {
    const problem = this.session.check.problems.dockerArguments;
    return html`<div class="field"><label for="docker">Docker arguments</label>
      <textarea id="docker" class="text-input" spellcheck="false" placeholder="gpus=all" .value=${choice.dockerArguments}
        @input=${(event: Event) => this.session.change({ dockerArguments: textOf(event) })}></textarea>
      <p class="hint">One a line, as <code>name=value</code> or <code>name</code>.</p>
      ${problem ? html`<p class="problem">${problem}</p>` : nothing}</div>`;
  }

  private renderText(
    choice: FormChoice,
    field: TextField,
    label: string,
    more: {
      readonly list?: readonly string[];
      readonly placeholder?: string;
      readonly hint?: string;
      readonly browse?: boolean;
    },
  ): TemplateResult {
    const problem = this.session.check.problems[field];
    return html`<div class="field">
      <label for=${field}>${label}</label>
      <input id=${field} class="text-input" .value=${choice[field]} placeholder=${more.placeholder ?? ''} spellcheck="false"
        list=${more.list ? `${field}-list` : nothing} aria-invalid=${problem ? 'true' : 'false'}
        aria-describedby=${problem || more.hint ? `${field}-note` : nothing}
        @input=${(event: Event) => this.session.change({ [field]: textOf(event) })} />
      ${
        more.browse
          ? html`<button type="button" class="icon-button" title="Browse: ${label}" aria-label="Browse: ${label}"
            @click=${() => void this.session.browse(field, false)}>${icons.folder}</button>`
          : nothing
      }
      ${more.list ? html`<datalist id="${field}-list">${more.list.map((name) => html`<option value=${name}></option>`)}</datalist>` : nothing}
      ${problem || more.hint ? html`<p class=${problem ? 'problem' : 'hint'} id="${field}-note">${problem || more.hint}</p>` : nothing}
    </div>`;
  }

  private renderFoot(): TemplateResult {
    const { check, failure, done, busy, choice } = this.session;
    const wrong = Object.keys(check.problems).length > 0;
    const sweeps = choice !== undefined && variedNames(choice).length > 0;
    return html`<div class="form-foot">
      <button class="button" ?disabled=${wrong} @click=${() => void this.session.launch(false)}>
        ${sweeps && !wrong ? `Run ${check.runs} runs` : 'Run'}</button>
      <button class="button secondary" ?disabled=${wrong || sweeps || choice?.backend !== 'local'} @click=${() => void this.session.launch(true)}>Debug</button>
      <button class="button secondary" ?disabled=${wrong} @click=${() => void this.session.saveTask()}>Save as Task</button>
      <p role="status" aria-busy=${busy ? 'true' : 'false'} class=${failure ? 'problem' : 'quiet'}>${failure || done || (wrong ? 'Something above is not right yet.' : '')}</p>
    </div>`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    void this.session.launch(false);
  }
}
