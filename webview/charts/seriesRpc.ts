import type { HostEvents, HostMethods, PageMethods } from '../../src/shared/protocol/protocol';
import type { Rpc } from '../../src/shared/rpc';

/** How points are asked for. */
export type SeriesRpc = Pick<Rpc<HostMethods, PageMethods, object, HostEvents>, 'call'>;
