const api = require('../../api');
const { give } = require('../../giving');
const { screen, told } = require('../../screen');
const { spoken } = require('../../when');

/** One of the two ratings, and what became of it. */
function chapter(heading, { label, at, lines, order }) {
  return {
    heading,
    said: `${label} ${spoken(at)}`,
    lines,
    order: order && {
      number: order.number,
      state: order.state,
      steps: order.steps.map((each) => ({ at: spoken(each.at), step: each.step })),
      link: order.asks ? order.link : '',
    },
  };
}

screen({
  data: {
    receipt: null, story: [], until: '', thanks: false, templates: [], // what was said
    asked: null, faults: [], busy: false, note: '', // 追加评价
  },

  async load() {
    const { code, fresh } = this.query;
    const [receipt, me] = await Promise.all([api.get(`/receipts/${code}`), api.get('/me')]);
    this.show(receipt, fresh === '1');
    this.setData({ templates: me.templates });
  },

  show(receipt, thanks) {
    const { again, follow_up_until: until } = receipt;
    this.setData({
      receipt,
      thanks,
      story: [chapter(again ? '您的第一次评价' : '您的评价', receipt)].concat(again ? chapter('您的追加评价', again) : []),
      until: until ? spoken(until) : '',
      asked: null,
    });
  },

  async onAgain() {
    this.setData({ busy: true, note: '' });
    try {
      this.setData({ asked: await api.get(`/receipts/${this.data.receipt.code}/follow-up`) });
    } catch (fault) {
      this.setData({ note: told(fault).words });
    } finally {
      this.setData({ busy: false });
    }
  },

  async onGive({ detail }) {
    const { code } = this.data.receipt;
    const receipt = await give(this, `again/${code}`, `/receipts/${code}/follow-up`, detail);
    if (receipt) {
      this.show(receipt, true);
      wx.pageScrollTo({ scrollTop: 0 });
    }
  },
});
