import assert from 'node:assert/strict';
import { RunListings } from '../../../src/artifacts/runListings';
import type { TrackingStore } from '../../../src/mlflow/trackingStore';
import type { ArtifactInfo, RunStatus } from '../../../src/shared/domain';

class Server {
  status: RunStatus = 'RUNNING';
  files: ArtifactInfo[] = [{ path: 'a.txt', isFolder: false, size: 1 }];
  listed = 0;
  fails = false;
  readonly store = {
    listArtifacts: async () => {
      this.listed++;
      if (this.fails) throw new Error('broken');
      return { rootUri: '', files: this.files, refused: [] };
    },
    getRun: async () => ({ status: this.status, startTime: 1, endTime: this.status === 'RUNNING' ? undefined : 2 }),
  } as unknown as TrackingStore;
}

const root = { runId: 'r', path: '' };

describe('RunListings', () => {
  it('keeps a listing for a short while, longer once the run ended', async () => {
    const server = new Server();
    let now = 0;
    const listings = new RunListings(() => now);
    await listings.list(server.store, root);
    now = 4_000;
    await listings.list(server.store, root);
    assert.equal(server.listed, 1);
    now = 6_000;
    await listings.list(server.store, root);
    assert.equal(server.listed, 2);
    server.status = 'FINISHED';
    assert.equal(await listings.endOf(server.store, 'r'), 2);
    await listings.list(server.store, root);
    assert.equal(server.listed, 3, 'what was read while it ran is read again');
    now = 50_000;
    await listings.list(server.store, root);
    assert.equal(server.listed, 3);
  });

  it('finds a file that came after its folder was listed', async () => {
    const server = new Server();
    const listings = new RunListings(() => 0);
    await listings.list(server.store, root);
    server.files = [...server.files, { path: 'b.txt', isFolder: false, size: 7 }];
    assert.equal((await listings.entry(server.store, { runId: 'r', path: 'b.txt' })).size, 7);
    await assert.rejects(listings.entry(server.store, { runId: 'r', path: 'c.txt' }), /no artifact "c\.txt"/);
  });

  it('never keeps a failure', async () => {
    const server = new Server();
    server.fails = true;
    const listings = new RunListings(() => 0);
    await assert.rejects(listings.list(server.store, root));
    server.fails = false;
    assert.equal((await listings.list(server.store, root)).length, 1);
  });

  it('leaves out what does not lie in the folder it was asked of', async () => {
    const server = new Server();
    server.files = [
      { path: 'd/x', isFolder: true },
      { path: 'd/d', isFolder: true },
      { path: 'd', isFolder: true },
      { path: 'e/f', isFolder: false },
    ];
    const found = await new RunListings(() => 0).list(server.store, { runId: 'r', path: 'd' });
    assert.deepEqual(
      found.map((file) => file.path),
      ['d/x', 'd/d'],
    );
  });
});
