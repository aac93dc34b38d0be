import assert from 'node:assert/strict';
import { chooseProxy, type ProxySettings } from '../../../src/platform/proxy';

const unset: ProxySettings = { proxy: '', noProxy: [], support: 'override' };

describe('chooseProxy', () => {
  it('goes out directly when nothing is set', () => {
    assert.equal(chooseProxy(unset, {}), undefined);
  });

  it('takes the setting before the environment', () => {
    const environment = { HTTPS_PROXY: 'http://environment:1', NO_PROXY: 'a' };
    assert.deepEqual(chooseProxy({ ...unset, proxy: 'http://setting:2' }, environment), {
      httpProxy: 'http://setting:2',
      httpsProxy: 'http://setting:2',
      noProxy: 'a',
    });
  });

  it('reads the environment in both cases, ALL_PROXY last', () => {
    assert.deepEqual(chooseProxy(unset, { https_proxy: 'http://low:1', ALL_PROXY: 'http://all:2' }), {
      httpProxy: 'http://all:2',
      httpsProxy: 'http://low:1',
    });
  });

  it('prefers http.noProxy over NO_PROXY', () => {
    const chosen = chooseProxy({ ...unset, proxy: 'p:1', noProxy: ['x', '.y'] }, { NO_PROXY: 'z' });
    assert.equal(chosen?.noProxy, 'x,.y');
  });

  it('uses none when http.proxySupport is off, whatever else is set', () => {
    assert.equal(chooseProxy({ ...unset, proxy: 'p:1', support: 'off' }, { HTTP_PROXY: 'http://p:1' }), undefined);
  });

  it('adds the scheme people leave out, and ignores what undici cannot speak', () => {
    assert.equal(chooseProxy({ ...unset, proxy: 'proxy.local:3128' }, {})?.httpProxy, 'http://proxy.local:3128');
    assert.equal(chooseProxy({ ...unset, proxy: 'socks5://proxy.local:1080' }, {}), undefined);
    assert.equal(chooseProxy({ ...unset, proxy: 'http://' }, {}), undefined);
  });
});
