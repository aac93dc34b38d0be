import type { Webview } from '../ui/support/webview';
import { Workbench } from '../ui/support/workbench';
import { HostMeter } from './hostMeter';
import { flowdeckNames, flowdeckSelectors } from './selectors';
import { readSeen, type Seen, undisturbed, until, webviewWatcher } from './watch';
import { type Shown, shownSince, viewport, type Wanted } from './webUi';

/** The experiment that is opened before the clock starts: the peer's code is loaded by then, too. */
const warmUp = 'nested';

const version = '1.139.1';
const onClick = `addEventListener('click', () => { window.benchClick = performance.timeOrigin + performance.now(); }, { capture: true, once: true })`;

/** The packaged extension in VS Code. Every measurement has a window that was loaded anew: nothing is cached in its host. */
export class Flowdeck {
  private constructor(
    readonly workbench: Workbench,
    readonly meter: HostMeter,
  ) {}

  static async start(folder: string, trackingUri: string): Promise<Flowdeck> {
    const meter = new HostMeter();
    // VS Code's server starts programs every two seconds to find open ports; a VS Code on the desk does not.
    const settings = { 'flowdeck.trackingUri': trackingUri, 'remote.autoForwardPorts': false };
    const workbench = await Workbench.start({ folder, settings, version, env: meter.environment });
    try {
      // What the tests serve themselves would lead every request of both pages through this process, past the browser's cache.
      await workbench.context.unrouteAll();
      await workbench.page.setViewportSize(viewport);
      await workbench.context.addInitScript(webviewWatcher);
      await meter.install(workbench.stateFolder, version);
    } catch (error) {
      await workbench.close();
      throw error;
    }
    return new Flowdeck(workbench, meter);
  }

  async close(): Promise<void> {
    this.meter.dispose();
    await this.workbench.close();
  }

  /** A fresh window that has shown a table, or charts, of another experiment and closed it again. */
  async ready(wanted: Wanted): Promise<void> {
    const { workbench } = this;
    await this.closeEditors();
    this.meter.forget();
    // Kept: that nothing is open any more. A panel that came back would ask the server beside what is measured.
    await workbench.reload();
    await workbench.openView(flowdeckNames.view);
    await this.open(warmUp, 'charts' in wanted ? { charts: 3, curves: 10 } : { rows: warmUp });
    await this.closeEditors();
    await this.meter.quiet();
  }

  /** Opens the table, or the charts, of an experiment in a window that is ready. From the click to what was wanted. */
  async open(experiment: string, wanted: Wanted): Promise<Shown> {
    const started = await this.click(experiment, wanted);
    const isAsIs = !('runs' in wanted && wanted.runs);
    if (isAsIs) await undisturbed();
    const webview = await this.panel(experiment);
    if (!isAsIs) await webview.frame.locator(flowdeckSelectors.howMany).selectOption(String(wanted.runs));
    const look = async () => shownSince(started, await webview.evaluate<Seen>(readSeen), wanted);
    const shown = await until('Flowdeck shows it', look);
    if ('rows' in wanted) return shown;
    // A chart is not taken for drawn before its last curve is there.
    await this.meter.quiet(1000);
    return (await look()) ?? shown;
  }

  /** The document of an experiment's panel. */
  async panel(experiment: string): Promise<Webview> {
    return await this.workbench.webview(nameOf(experiment));
  }

  /** @returns when the button was clicked, in ms since 1970 */
  private async click(experiment: string, wanted: Wanted): Promise<number> {
    const { page } = this.workbench;
    const row = await this.workbench.tree(flowdeckNames.view).find(nameOf(experiment));
    await row.locator.hover();
    await this.meter.start();
    await page.evaluate(onClick);
    const button = (name: string) => row.locator.getByRole('button', { name });
    const charts = button(flowdeckNames.openCharts);
    if ('charts' in wanted && (await charts.count()) > 0) await charts.click();
    else {
      const table = button(flowdeckNames.openTable);
      if ((await table.count()) === 0) throw new Error(`the row ${experiment} has no ${flowdeckNames.openTable}`);
      await table.click();
      // The whole way counts, although the web UI's address leads to its charts at once.
      if ('charts' in wanted) await (await this.panel(experiment)).frame.locator(flowdeckSelectors.chartsTab).click();
    }
    return await page.evaluate<number>('window.benchClick');
  }

  private async closeEditors(): Promise<void> {
    const tabs = this.workbench.page.locator('.tabs-container [role=tab]');
    if ((await tabs.count()) > 0) await this.workbench.runCommand('View: Close All Editors');
    await until('all tabs are closed', async () => ((await tabs.count()) === 0 ? true : undefined), 10_000);
  }
}

/** Of its row and its tab; `charts-10` is not the beginning of `charts-100`. */
const nameOf = (experiment: string) => new RegExp(`^${experiment}\\b(?!-)`);
