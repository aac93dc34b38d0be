import { html, type TemplateResult } from 'lit';
import type { RunStatus } from '../../src/shared/domain';
import { icons } from '../controls/icons';

const looks: Readonly<Record<RunStatus, readonly [keyof typeof icons, string]>> = {
  FINISHED: ['finished', 'Finished'],
  FAILED: ['failed', 'Failed'],
  RUNNING: ['running', 'Running'],
  KILLED: ['killed', 'Killed'],
  SCHEDULED: ['waiting', 'Scheduled'],
  UNKNOWN: ['waiting', 'Unknown status'],
};

/** The status as a shape with a name; the colour only repeats it. */
export function statusSign(status: RunStatus): TemplateResult {
  const [icon, text] = looks[status];
  return html`<span class="status status-${status.toLowerCase()}" role="img" aria-label=${text} title=${text}
    >${icons[icon]}</span
  >`;
}
