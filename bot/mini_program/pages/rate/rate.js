const { Failure, get } = require('../../api');
const { give } = require('../../giving');
const scenes = require('../../scene');
const { screen } = require('../../screen');

screen({
  data: { form: null, lines: [], faults: [], busy: false },

  async load() {
    const scene = scenes.ofQuery(this.query);
    if (scene === null) {
      throw new Failure({ status: 404, words: '这不是“好差评”的评价码。请重新扫描，或在首页找到您的办件。' });
    }
    if (!scene.startsWith('r/')) {
      wx.redirectTo({ url: scenes.page(scene) });
      return;
    }
    const { asked: form } = await get(`/scenes/${scene}`);
    this.setData({ form, lines: lines(form) });
  },

  async onGive({ detail }) {
    const { token } = this.data.form;
    const receipt = await give(this, `r/${token}`, `/ratings/${token}`, detail);
    if (receipt) wx.redirectTo({ url: `/pages/receipt/receipt?code=${receipt.code}&fresh=1` });
  },
});

function lines({ agency, staff, window, group, cases }) {
  return [
    ['办理单位', agency],
    ['工作人员', staff],
    ['办理窗口', window],
    ['业务', group],
    ['业务流水号', cases.map(({ number }) => number).join('、')],
  ].filter(([, value]) => value).map(([label, value]) => ({ label, value }));
}
