import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type ChartSettings, settingsOf } from '../../src/shared/view/chartSettings';
import { type CardSettings, cardSizes } from '../../src/shared/view/lineSettings';
import { icons } from '../controls/icons';
import { controlText } from '../controls/toolkit';
import { columnsOf, groupChoices, optionOf } from './groupChoices';
import { axisChoices, bandChoices, isChoice, smoothingChoices } from './lineTexts';
import { PopoverForm } from './popoverForm';
import type { Session } from './session';
import { type Choice, choiceField, metricField, numberField, timeField } from './settingsFields';

const sizeTexts = { small: 'One column', wide: 'Two columns', large: 'Full width' } as const;
const asAll = 'all';
/** An interval means nothing on another axis. */
const noInterval = { zoom: undefined, xMin: undefined, xMax: undefined };

/** What one chart has of its own, in a popover behind a button of the card. */
@customElement('flowdeck-card-settings')
export class CardSettingsButton extends PopoverForm {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) chartKey = '';
  @property({ attribute: false }) chartTitle = '';
  /** What holds for the chart; another object with every change, and the form shows it at once. */
  @property({ attribute: false }) settings!: ChartSettings;

  protected get texts() {
    const own = Object.keys(this.settings.own).length > 0;
    return {
      label: `Settings of ${this.chartTitle}`,
      title: own ? 'Settings of this chart (some are its own)' : 'Settings of this chart',
      icon: icons.settings,
      button: own ? 'has-own' : '',
    };
  }

  private change(change: { readonly [Name in keyof CardSettings]?: CardSettings[Name] | undefined }): void {
    this.session.updateCard(this.chartKey, change);
  }

  protected renderForm(): TemplateResult {
    const { own } = this.settings;
    return html`<h4 title=${this.chartTitle}>${this.chartTitle}</h4>
      <div class="fields">
        ${this.renderX()} ${this.renderY()} ${this.renderSmoothing()} ${this.renderGroups()}
        ${choiceField(
          'Size',
          own.size ?? 'small',
          cardSizes.map((value) => ({ value, text: sizeTexts[value] })),
          (value) => this.change({ size: cardSizes.find((size) => size === value && size !== 'small') }),
        )}
      </div>
      <div class="popover-foot">
        ${
          !this.session.view.expressions.some(({ id }) => id === this.chartKey)
            ? nothing
            : html`<button class="button secondary" @click=${() => this.removeExpression()}>Remove this chart</button>`
        }
        <button class="button secondary" ?disabled=${Object.keys(own).length === 0} @click=${() => this.reset()}>
          As all charts
        </button>
      </div>`;
  }

  private renderX(): TemplateResult {
    const { settings } = this;
    const { own, axis } = settings;
    const all = settingsOf(this.session.view, '');
    const allText = axisChoices.find(({ value }) => value === all.axis)?.text ?? '';
    const limit = (label: string, value: number | undefined, name: 'xMin' | 'xMax') =>
      axis === 'wall'
        ? timeField(label, value, (next) => this.change({ [name]: next }))
        : numberField(label, value, 'from the points', (next) => this.change({ [name]: next }));
    return html`${choiceField(
      'x axis',
      own.axis ?? asAll,
      [{ value: asAll, text: `As all charts (${allText})` }, ...axisChoices],
      (value) => {
        const next = isChoice(axisChoices, value) ? value : undefined;
        this.change({ axis: next, ...noInterval, ...(next ? {} : { xMetric: undefined }) });
      },
    )}
    ${
      own.axis === 'metric'
        ? metricField(
            'Metric on x',
            `${this.popoverName}-x`,
            settings.xMetric,
            this.session.snapshot?.metrics ?? [],
            (xMetric) => this.change({ xMetric, ...noInterval }),
          )
        : nothing
    }
    ${this.onOff('Log x', 'logX')} ${limit('x from', own.xMin, 'xMin')} ${limit('x to', own.xMax, 'xMax')}`;
  }

  private renderY(): TemplateResult {
    const { own } = this.settings;
    return html`${this.onOff('Log y', 'logY')}
    ${numberField('y from', own.yMin, 'from the points', (yMin) => this.change({ yMin }))}
    ${numberField('y to', own.yMax, 'from the points', (yMax) => this.change({ yMax }))}
    ${this.onOff('Leave out outliers', 'clipOutliers')} ${this.onOff('Fit y to the zoom', 'fitY')}`;
  }

  private renderSmoothing(): TemplateResult {
    const { own, smoothing } = this.settings;
    const choices = [{ value: asAll, text: 'As all charts' }, ...smoothingChoices];
    const method = own.smoothing === undefined ? asAll : (own.smoothingMethod ?? this.session.view.smoothingMethod);
    return html`${choiceField('Smoothing', method, choices, (value) => {
      if (isChoice(smoothingChoices, value)) this.change({ smoothing: smoothing || 0.6, smoothingMethod: value });
      else this.change({ smoothing: undefined, smoothingMethod: undefined });
    })}
    ${
      own.smoothing === undefined
        ? nothing
        : html`<label class="field"
            ><span>How smooth</span>
            <input
              type="range"
              min="0"
              max="0.99"
              step="0.01"
              .value=${String(own.smoothing)}
              @input=${(event: Event) => this.change({ smoothing: Number(controlText(event)) })}
          /></label>`
    }`;
  }

  private renderGroups(): TemplateResult {
    const { own } = this.settings;
    const groups: readonly Choice[] = [
      { value: asAll, text: 'As all charts' },
      ...groupChoices(this.session, own.groupBy),
    ];
    const bands: readonly Choice[] = [{ value: asAll, text: 'As all charts' }, ...bandChoices];
    return html`${choiceField('Group runs by', own.groupBy ? optionOf(own.groupBy) : asAll, groups, (value) =>
      this.change({ groupBy: value === asAll ? undefined : columnsOf(value) }),
    )}
    ${
      this.settings.groupBy.length === 0
        ? nothing
        : choiceField('Band', own.band ?? asAll, bands, (value) =>
            this.change({ band: isChoice(bandChoices, value) ? value : undefined }),
          )
    }`;
  }

  private onOff(label: string, name: 'logX' | 'logY' | 'clipOutliers' | 'fitY'): TemplateResult {
    const own = this.settings.own[name];
    const all = this.session.view[name] ? 'on' : 'off';
    const choices = [
      { value: asAll, text: `As all charts (${all})` },
      { value: 'on', text: 'On' },
      { value: 'off', text: 'Off' },
    ];
    return choiceField(label, own === undefined ? asAll : own ? 'on' : 'off', choices, (value) =>
      this.change({ [name]: value === asAll ? undefined : value === 'on' }),
    );
  }

  private reset(): void {
    const none = Object.fromEntries(Object.keys(this.settings.own).map((name) => [name, undefined]));
    this.change(none);
  }

  private removeExpression(): void {
    this.close();
    this.session.update({ expressions: this.session.view.expressions.filter(({ id }) => id !== this.chartKey) });
  }
}
