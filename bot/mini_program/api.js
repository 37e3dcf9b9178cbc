// The service's /mp API: one session, requests, and what went wrong in words for the person.
const { server, account } = require('./config');

const BASE = `${server}/mp/${account}`;
const SESSION = 'session';
const PATIENCE = 15000; // milliseconds for an answer
const PAUSE = 1000; // milliseconds before a request that got none goes out again

// No Error: DevTools' ES5 would lose the class of what extends it.
class Failure {
  /**
   * status: of HTTP, 0 where no answer came. code: the problem's. words: for the person.
   * errors: [{field, message}]. wait: seconds of Retry-After, or null. problem: the whole body.
   */
  constructor({ status = 0, code = '', words, errors = [], wait = null, problem = {} }) {
    Object.assign(this, { status, code, words, errors, wait, problem });
  }
}

const UNREADABLE = '系统暂时无法处理，请稍后再试。给您带来不便，敬请谅解。';

function unanswered({ errMsg }) {
  const slow = /timeout/i.test(errMsg);
  const words = slow
    ? '网络较慢，没有等到答复，请再试一次。'
    : '没有连上网络，请检查手机网络后再试。';
  return new Failure({ code: slow ? 'timeout' : 'offline', words });
}

function once(method, path, body, token) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: BASE + path,
      method,
      data: body,
      header: Object.assign(
        { 'content-type': 'application/json' },
        token ? { authorization: `Bearer ${token}` } : {},
      ),
      timeout: PATIENCE,
      success: resolve,
      fail: (reason) => reject(unanswered(reason)),
    });
  });
}

async function sent(method, path, body, token, repeatable) {
  try {
    return await once(method, path, body, token);
  } catch (failure) {
    if (!repeatable) throw failure;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return once(method, path, body, token);
  }
}

// Phones spell the names of headers differently.
function header(answer, name) {
  const found = Object.keys(answer.header || {}).find((each) => each.toLowerCase() === name);
  return found && answer.header[found];
}

function read(answer) {
  if (answer.statusCode === 200) return answer.data;
  const problem = answer.data && typeof answer.data === 'object' ? answer.data : {};
  const wait = parseInt(header(answer, 'retry-after'), 10);
  throw new Failure({
    status: answer.statusCode,
    code: problem.code,
    words: problem.detail || UNREADABLE,
    errors: problem.errors,
    wait: wait >= 0 ? wait : null,
    problem,
  });
}

function wxCode() {
  return new Promise((resolve, reject) => {
    wx.login({ success: ({ code }) => resolve(code), fail: (reason) => reject(unanswered(reason)) });
  });
}

async function logIn() {
  // A code is used up by its first use: a request that got no answer is not repeated.
  const session = read(await once('POST', '/login', { code: await wxCode() }));
  wx.setStorageSync(SESSION, session.token);
  return session.token;
}

let entering = null;

// Requests at the same time share one login.
function enter() {
  if (entering === null) {
    const over = () => { entering = null; };
    entering = logIn();
    entering.then(over, over);
  }
  return entering;
}

function another(refused) {
  const token = wx.getStorageSync(SESSION);
  if (token && token !== refused) return token;
  wx.removeStorageSync(SESSION);
  return enter();
}

/** The answer's body. Whether a session still holds is the service's to say. Throws Failure. repeatable: asking twice does what asking once does. */
async function call(method, path, body, repeatable = true) {
  const token = wx.getStorageSync(SESSION) || await enter();
  const answer = await sent(method, path, body, token, repeatable);
  if (answer.statusCode !== 401) return read(answer);
  return read(await sent(method, path, body, await another(token), repeatable));
}

module.exports = {
  Failure,
  get: (path) => call('GET', path),
  post: (path, body) => call('POST', path, body),
  postOnce: (path, body) => call('POST', path, body, false),
  remove: (path) => call('DELETE', path),
};
