import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icons } from '../controls/icons';
import { columnsOf, groupChoices, optionOf } from './groupChoices';
import { bandChoices, isChoice, smoothingChoices } from './lineTexts';
import { PopoverForm } from './popoverForm';
import type { Session } from './session';
import { checkField, choiceField } from './settingsFields';

/** What holds for all charts and is not changed every minute, in a popover of the toolbar. */
@customElement('flowdeck-charts-settings')
export class AllSettings extends PopoverForm {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) revision = 0;

  protected readonly texts = {
    label: 'Settings of all charts',
    title: 'More settings of all charts',
    icon: icons.settings,
  };

  protected renderForm(): TemplateResult {
    const { session } = this;
    const { view } = session;
    return html`<h4>All charts</h4>
      <div class="fields">
        ${choiceField('Smoothing', view.smoothingMethod, smoothingChoices, (value) => {
          if (isChoice(smoothingChoices, value)) session.update({ smoothingMethod: value });
        })}
        ${choiceField('Group runs by', optionOf(view.groupBy), groupChoices(session, view.groupBy), (value) =>
          session.update({ groupBy: columnsOf(value) }),
        )}
        ${
          view.groupBy.length === 0
            ? nothing
            : choiceField('Band', view.band, bandChoices, (value) => {
                if (isChoice(bandChoices, value)) session.update({ band: value });
              })
        }
        ${checkField('Log x', view.logX, 'Points at x ≤ 0 are left out, and counted', (logX) => session.update({ logX }))}
        ${checkField(
          'Leave out outliers',
          view.clipOutliers,
          'y shows what lies within 1.5 interquartile ranges of the middle half; each chart says how many points are outside',
          (clipOutliers) => session.update({ clipOutliers }),
        )}
        ${checkField('Fit y to the zoom', view.fitY, 'Else y stays as it is while x is zoomed', (fitY) => session.update({ fitY }))}
      </div>`;
  }
}
