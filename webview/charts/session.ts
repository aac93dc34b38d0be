import type {
  ChartsRun,
  ChartsSnapshot,
  DrawnChart,
  HostEvents,
  HostMethods,
  PageMethods,
} from '../../src/shared/protocol';
import { type Port, Rpc } from '../../src/shared/rpc';
import { decodePanelState, decodeViewState, type ViewState } from '../../src/shared/viewState';
import { Crosshair } from './crosshair';
import { MetricStore } from './metricStore';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

function hostPort(api: VsCodeApi): Port {
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) => {
      const receive = (event: MessageEvent<unknown>) => listener(event.data);
      window.addEventListener('message', receive);
      return { dispose: () => window.removeEventListener('message', receive) };
    },
  };
}

/** What all components of the page share: the channel, the snapshot, the view state, the points. */
export class Session extends EventTarget {
  readonly rpc: Rpc<HostMethods, PageMethods, object, HostEvents>;
  readonly crosshair = new Crosshair();
  /** Cards on screen answer `inspect`. */
  readonly drawn = new Set<() => DrawnChart>();
  snapshot: ChartsSnapshot | undefined;
  view: ViewState;
  private readonly metrics = new Map<string, MetricStore>();
  private readonly api = acquireVsCodeApi();

  constructor() {
    super();
    this.view = decodeViewState(decodePanelState(this.api.getState())?.view);
    this.rpc = new Rpc<HostMethods, PageMethods, object, HostEvents>(hostPort(this.api), {
      inspect: { decode: () => ({}), handle: () => [...this.drawn].map((card) => card()) },
    });
    this.rpc.on('snapshot', (snapshot) => this.take(snapshot));
    this.rpc.on('contact', (contact) => {
      if (contact.ok) for (const metric of this.metrics.values()) if (metric.error) metric.markStale();
      if (this.snapshot) this.take({ ...this.snapshot, contact });
    });
    this.keep();
  }

  /** Asks for the runs. @throws RemoteError */
  async load(method: 'open' | 'refresh'): Promise<void> {
    this.take(await this.rpc.call(method, {}));
    if (method === 'refresh') for (const metric of this.metrics.values()) metric.markStale();
    this.changed();
  }

  update(change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    this.keep();
    this.changed();
  }

  /** Without an interval all charts show everything. */
  zoomTo(zoom: ViewState['zoom']): void {
    const { zoom: _, ...rest } = this.view;
    this.view = zoom ? { ...rest, zoom } : rest;
    this.keep();
    this.changed();
  }

  metric(key: string): MetricStore {
    const known = this.metrics.get(key) ?? new MetricStore(key, this.rpc);
    this.metrics.set(key, known);
    return known;
  }

  get shownRuns(): readonly ChartsRun[] {
    const hidden = new Set(this.view.hiddenRuns);
    return (this.snapshot?.runs ?? []).filter(({ runId }) => !hidden.has(runId));
  }

  /** State without a redraw: scrolling. */
  keepScroll(scroll: number): void {
    this.view = { ...this.view, scroll };
    this.keep();
  }

  private take(snapshot: ChartsSnapshot): void {
    this.snapshot = snapshot;
    this.changed();
  }

  private keep(): void {
    const about: unknown = JSON.parse(document.body.dataset.flowdeck ?? '{}');
    this.api.setState({ ...(about as object), view: this.view });
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
