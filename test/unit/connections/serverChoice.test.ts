import assert from 'node:assert/strict';
import {
  credentialsFromEnvironment,
  decodeCredentials,
  trackingEnvironment,
} from '../../../src/connections/credentialStore';
import { configuredServer, withoutCredentials } from '../../../src/connections/serverChoice';
import { MlflowError } from '../../../src/mlflow/mlflowError';

const basic = { kind: 'basic', user: 'joe', password: 'p w' } as const;

describe('configuredServer', () => {
  it('takes the setting, then MLFLOW_TRACKING_URI, then nothing', () => {
    const environment = { MLFLOW_TRACKING_URI: 'http://environment:5000/' };
    assert.equal(configuredServer('http://setting:5000', environment)?.uri, 'http://setting:5000');
    assert.equal(configuredServer('  ', environment)?.uri, 'http://environment:5000');
    assert.equal(configuredServer('', {}), undefined);
    assert.equal(configuredServer('', { MLFLOW_TRACKING_URI: ' ' }), undefined);
  });

  it("gives the environment's credentials to the environment's server only", () => {
    const secrets = { MLFLOW_TRACKING_USERNAME: 'joe', MLFLOW_TRACKING_PASSWORD: 'p w' };
    const environment = { MLFLOW_TRACKING_URI: 'http://environment:5000', ...secrets };
    assert.deepEqual(configuredServer('', environment)?.credentials, basic);
    assert.equal(configuredServer('http://elsewhere:5000', environment)?.credentials, undefined);
  });

  it('splits credentials off the address and says where they stood', () => {
    const choice = configuredServer('http://joe:p%20w@host:5000', {});
    assert.deepEqual(choice, {
      uri: 'http://host:5000',
      origin: 'setting',
      credentials: basic,
      credentialsInSetting: true,
    });
    const environment = { MLFLOW_TRACKING_URI: 'http://joe:p%20w@host:5000' };
    assert.equal(configuredServer('', environment)?.credentialsInSetting, false);
  });

  it('names the place of a bad address and never its password', () => {
    for (const text of ['postgresql://u:secret@host/db', 'http://u:se#secret@/x']) {
      assert.throws(
        () => configuredServer(text, {}),
        (error: unknown) =>
          error instanceof MlflowError &&
          error.message.startsWith('flowdeck.trackingUri is "') &&
          !error.message.includes('secret'),
        text,
      );
    }
    assert.throws(
      () => configuredServer('', { MLFLOW_TRACKING_URI: './mlruns' }),
      /^MlflowError: MLFLOW_TRACKING_URI is "\.\/mlruns"\. This is a store/,
    );
  });
});

describe('withoutCredentials', () => {
  it('keeps nothing before the last @', () => {
    assert.equal(withoutCredentials('http://u:p@host:1/x'), 'http://host:1/x');
    assert.equal(withoutCredentials('http://u:p@ss/w#o@host'), 'http://host');
    assert.equal(withoutCredentials('u:p@host'), 'host');
    assert.equal(withoutCredentials('http://host'), 'http://host');
  });
});

describe('credentials', () => {
  it('are read from the environment as MLflow reads them', () => {
    assert.deepEqual(
      credentialsFromEnvironment({ MLFLOW_TRACKING_USERNAME: 'joe', MLFLOW_TRACKING_PASSWORD: 'p w' }),
      basic,
    );
    assert.deepEqual(credentialsFromEnvironment({ MLFLOW_TRACKING_TOKEN: 't' }), { kind: 'bearer', token: 't' });
    assert.equal(credentialsFromEnvironment({ MLFLOW_TRACKING_USERNAME: 'joe' }), undefined);
  });

  it('go to child processes under the same names', () => {
    assert.deepEqual(trackingEnvironment('http://h', basic), {
      MLFLOW_TRACKING_URI: 'http://h',
      MLFLOW_TRACKING_USERNAME: 'joe',
      MLFLOW_TRACKING_PASSWORD: 'p w',
    });
    assert.deepEqual(trackingEnvironment('http://h', undefined), { MLFLOW_TRACKING_URI: 'http://h' });
  });

  it('survive being stored, and nothing else passes', () => {
    assert.deepEqual(decodeCredentials(JSON.stringify(basic)), basic);
    for (const text of ['', 'null', '[]', '{"kind":"basic","user":1,"password":"x"}', '{"kind":"bearer"}', '{bad'])
      assert.equal(decodeCredentials(text), undefined, text);
  });
});
