const api = require('../../api');
const { operator } = require('../../config');
const { rateableLine } = require('../../lines');
const scenes = require('../../scene');
const { screen, told } = require('../../screen');

const NO_CALLS_LEFT = 1400001;

screen({
  refreshes: true,

  data: { operator, phone: null, templates: [], rateable: [], note: '', busy: false },

  async load() {
    const [me, { rateable }] = await Promise.all([api.get('/me'), api.get('/rateable')]);
    this.setData({
      phone: me.phone,
      templates: me.templates,
      rateable: rateable.map(rateableLine),
    });
  },

  onScan() {
    wx.scanCode({
      success: (found) => {
        const scene = scenes.ofScan(found);
        if (scene) wx.navigateTo({ url: scenes.page(scene) });
        else this.setData({ note: '这不是“好差评”的评价码。请扫描窗口、大厅或回执上的评价码。' });
      },
      fail: ({ errMsg }) => {
        if (!/cancel/.test(errMsg)) this.setData({ note: '没有扫到二维码，请再试一次。' });
      },
    });
  },

  onOpen({ currentTarget }) {
    wx.navigateTo({ url: scenes.page(currentTarget.dataset.scene) });
  },

  async onPhone({ detail }) {
    if (detail.code) {
      await this.change(() => api.postOnce('/phone', { code: detail.code }));
    } else if (detail.errno === NO_CALLS_LEFT) {
      this.setData({ note: '暂时无法从微信取得手机号，请稍后再试，或直接扫描评价码。' });
    }
  },

  onUnbind() {
    wx.showModal({
      title: '解除绑定',
      content: '解除后，这里不再列出您的办件。您仍然可以扫码评价。',
      success: ({ confirm }) => confirm && this.change(() => api.remove('/phone')),
    });
  },

  async change(send) {
    this.setData({ busy: true, note: '' });
    try {
      await send();
      await this.load();
    } catch (fault) {
      this.setData({ note: told(fault).words });
    } finally {
      this.setData({ busy: false });
    }
  },
});
