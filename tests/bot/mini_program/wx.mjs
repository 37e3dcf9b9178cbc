// wx as its documentation has it and stricter, over real HTTP. What the person and the platform answer
// stands in `phone.answers`.

import http from 'node:http';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT'];
const MOST_PAGES = 10;
const MOST_TEMPLATES = 3;
const IN_DIALOGUE = ['accept', 'reject', 'ban', 'filter', 'acceptWithAudio', 'acceptWithAlert', 'acceptWithForcePush'];

export function wxOf(phone) {
  const outcome = (options, good, given) => {
    const told = good ? options.success : options.fail;
    phone.soon(() => {
      if (told) told(given);
      if (options.complete) options.complete(given);
    });
  };
  const known = (options, names) => Object.keys(options).forEach((name) => {
    if (![...names, 'success', 'fail', 'complete'].includes(name)) throw new TypeError(`no option ${name}`);
  });
  const api = (name, options_known, work) => (options = {}) => {
    known(options, options_known);
    phone.calls.push([name, JSON.parse(JSON.stringify(options))]);
    work(options, (given = {}) => outcome(options, true, { errMsg: `${name}:ok`, ...given }),
      (why, more = {}) => outcome(options, false, { errMsg: `${name}:fail ${why}`, ...more }));
  };
  const go = (name, change) => api(name, ['url'], ({ url }, ok) => {
    const at = new URL(url, 'mp://x/');
    const where = at.pathname.slice(1);
    if (!url.startsWith('/') || !phone.app.pages.includes(where)) throw new Error(`no page ${url}`);
    change();
    phone.soon(() => phone.enter(where, at.search.slice(1)));
    ok();
  });
  return {
    request: api('request', ['url', 'method', 'data', 'header', 'timeout'], (options, ok, fail) => request(phone, options, ok, fail)),
    login: api('login', ['timeout'], (_, ok, fail) => {
      const code = phone.answers.logins.shift();
      if (code) ok({ code }); else fail('no network');
    }),
    getStorageSync: (key) => (key in phone.storage ? JSON.parse(phone.storage[key]) : ''),
    setStorageSync: (key, value) => {
      if (typeof key !== 'string' || value === undefined) throw new TypeError('setStorageSync');
      phone.storage[key] = JSON.stringify(value);
    },
    removeStorageSync: (key) => { delete phone.storage[key]; },
    getAppBaseInfo: () => ({ fontSizeSetting: phone.answers.font }),
    getPrivacySetting: api('getPrivacySetting', [], (_, ok) => ok({ needAuthorization: phone.answers.privacy, privacyContractName: '《隐私保护指引》' })),
    openPrivacyContract: api('openPrivacyContract', [], (_, ok) => ok()),
    scanCode: api('scanCode', ['onlyFromCamera', 'scanType'], (_, ok, fail) => {
      const found = phone.answers.scans.shift();
      if (found) ok(found); else fail('cancel');
    }),
    showModal: api('showModal', ['title', 'content', 'confirmText', 'cancelText'], (_, ok) => {
      const confirm = phone.answers.modals.shift() === true;
      ok({ confirm, cancel: !confirm });
    }),
    requestSubscribeMessage: api('requestSubscribeMessage', ['tmplIds'], ({ tmplIds }, ok, fail) => {
      if (!phone.tapping) { fail('can only be invoked by user TAP gesture.'); return; }
      if (tmplIds.length > MOST_TEMPLATES) { fail('', { errCode: 20003 }); return; }
      const lasting = new Set(tmplIds.map((id) => phone.answers.lasting.includes(id)));
      if (lasting.size > 1) { fail('', { errCode: 20002 }); return; }
      const said = {};
      tmplIds.forEach((id) => {
        said[id] = phone.answers.consents[id];
        if (!IN_DIALOGUE.includes(said[id])) throw new Error(`no template ${id}`);
      });
      ok(said);
    }),
    navigateTo: go('navigateTo', () => {
      if (phone.stack.length === MOST_PAGES) throw new Error('more than 10 pages');
    }),
    redirectTo: go('redirectTo', () => phone.stack.pop()),
    reLaunch: go('reLaunch', () => phone.stack.splice(0)),
    pageScrollTo: api('pageScrollTo', ['scrollTop', 'duration', 'selector'], (_, ok) => ok()),
    stopPullDownRefresh: api('stopPullDownRefresh', [], (_, ok) => ok()),
  };
}

function request(phone, { url, method = 'GET', data, header = {}, timeout }, ok, fail) {
  if (!METHODS.includes(method)) throw new TypeError(`method ${method}`);
  if (Object.keys(header).some((name) => name.toLowerCase() === 'referer')) throw new TypeError('referer');
  const network = phone.answers.network.shift();
  if (network === 'proxy') {
    phone.soon(() => ok({ statusCode: 502, data: '<html>Bad Gateway</html>', header: {} }));
    return;
  }
  if (network === 'offline') { fail('errcode:-106 cronet_error_code:-106'); return; }
  phone.pending += 1;
  phone.wires += 1;
  const over = (then) => { phone.pending -= 1; phone.wires -= 1; then(); };
  const body = data === undefined || method === 'GET' ? '' : JSON.stringify(data);
  const wire = http.request(url, { method, headers: { ...header, 'content-length': Buffer.byteLength(body) }, timeout }, (answer) => {
    const parts = [];
    answer.on('data', (part) => parts.push(part));
    answer.on('end', async () => {
      for (let quiet = 0; network === 'slow' && quiet < 20; quiet += 1) {
        await new Promise((resolve) => { setImmediate(resolve); });
        if (phone.wires > 1) quiet = 0;
      }
      if (network === 'cut') { over(() => fail('timeout')); return; }
      const text = Buffer.concat(parts).toString('utf8');
      let read = text;
      try { read = JSON.parse(text); } catch (_) { /* As it is: so does WeChat. */ }
      // Android keeps the server's spelling of names.
      const named = {};
      for (let at = 0; at < answer.rawHeaders.length; at += 2) named[answer.rawHeaders[at]] = answer.rawHeaders[at + 1];
      over(() => ok({ statusCode: answer.statusCode, data: read, header: named }));
    });
  });
  wire.on('error', (fault) => over(() => fail(fault.code)));
  wire.end(body);
}
