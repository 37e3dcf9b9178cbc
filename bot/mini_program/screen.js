// What every page has: large type, privacy first, and how loading went.
const { Failure } = require('./api');
const large = require('./large');
const privacy = require('./privacy');

const TITLES = {
  0: '没有连上网络',
  404: '没有找到',
  409: '已经评价',
  410: '已经过期',
  429: '请稍后再试',
};

/** A failure in the person's words. What is none of api.js is a defect and is thrown on. */
function told(fault) {
  if (!(fault instanceof Failure)) throw fault;
  const { status, words, wait, problem } = fault;
  return {
    title: TITLES[status] || '暂时无法处理',
    words: status === 429 && wait ? `操作太频繁，请在${soon(wait)}后再试。` : words,
    again: status === 0 || status === 429 || status >= 500,
    receipt: problem.receipt || null,
  };
}

function soon(seconds) {
  return seconds < 60 ? `${seconds}秒` : `${Math.ceil(seconds / 60)}分钟`;
}

function address({ route, query }) {
  const pairs = Object.keys(query).map((name) => `${name}=${query[name]}`);
  return `/${route}?${pairs.join('&')}`;
}

/**
 * Page, with load() to fetch what it shows. state: loading, ready or failed; trouble: what failed.
 * refreshes: it is loaded anew each time it is shown.
 */
function screen(page) {
  Page(Object.assign({}, page, {
    data: Object.assign({ big: false, state: 'loading', trouble: null }, page.data),

    onLoad(query) {
      this.query = query;
    },

    async onShow() {
      this.setData({ big: large.isOn() });
      if (page.refreshes || this.data.state !== 'ready') await this.reload();
    },

    async onPullDownRefresh() {
      await this.reload();
      wx.stopPullDownRefresh();
    },

    async reload() {
      if (await privacy.needed()) {
        const back = encodeURIComponent(address(this));
        wx.redirectTo({ url: `/pages/privacy/privacy?back=${back}` });
        return;
      }
      if (this.data.state === 'failed') this.setData({ state: 'loading', trouble: null });
      try {
        await this.load();
        this.setData({ state: 'ready', trouble: null });
      } catch (fault) {
        this.setData({ state: 'failed', trouble: told(fault) });
      }
    },

    onSize() {
      large.set(!this.data.big);
      this.setData({ big: !this.data.big });
    },
  }));
}

module.exports = { screen, told };
