import type { HostEvents, HostMethods, PageMethods } from '../../src/shared/protocol/protocol';
import type { Rpc } from '../../src/shared/rpc';

/** The page's end of the line to the extension host. */
export type HostRpc = Rpc<HostMethods, PageMethods, object, HostEvents>;
