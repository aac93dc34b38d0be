import assert from 'node:assert/strict';
import { StartedActivity } from '../../../src/source/startedActivity';

describe('what was started in a window and may make runs', () => {
  let now = 0;
  let activity: StartedActivity;
  beforeEach(() => {
    now = 1_000_000;
    activity = new StartedActivity(() => now);
  });
  const [command, terminal] = [{}, {}];
  const hour = 3_600_000;

  it('is nothing before something was started, but where nobody says what runs', () => {
    assert.equal(activity.mayMakeRuns(false), false);
    assert.equal(activity.mayMakeRuns(true), true);
  });

  it('is there while it runs, for however long, and for ten minutes after it', () => {
    activity.began(command, terminal);
    now += 100 * hour;
    assert.equal(activity.mayMakeRuns(false), true);
    activity.ended(command);
    now += 599_000;
    assert.equal(activity.mayMakeRuns(false), true);
    now += 1_000;
    assert.equal(activity.mayMakeRuns(false), false);
  });

  it('ends with the terminal that it runs in', () => {
    activity.began(command, terminal);
    activity.began({}, {});
    activity.closed({});
    activity.closed(terminal);
    now += hour;
    assert.equal(activity.mayMakeRuns(false), true, 'of the other nothing is known');
  });

  it('is looked for less and less often while nothing comes, and at once again when something does', () => {
    activity.began(command, terminal);
    const apart = [1, 2, 3, 4, 5].map(() => {
      activity.looked(false);
      return activity.patience;
    });
    assert.deepEqual(apart, [2, 4, 6, 6, 6]);
    activity.looked(true);
    assert.equal(activity.patience, 1);
    activity.looked(false);
    activity.ended(command);
    assert.equal(activity.patience, 1);
  });
});
