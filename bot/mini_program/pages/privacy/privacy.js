const { operator } = require('../../config');
const large = require('../../large');
const { needed } = require('../../privacy');

// Not a screen: this page is there before anything has been agreed to.
Page({
  data: { big: false, operator, needed: false },

  async onLoad({ back }) {
    this.back = back ? decodeURIComponent(back) : '';
    this.setData({ big: large.isOn(), needed: await needed() });
  },

  onSize() {
    large.set(!this.data.big);
    this.setData({ big: !this.data.big });
  },

  onContract() {
    wx.openPrivacyContract({});
  },

  onAgreed() {
    this.setData({ needed: false });
    wx.reLaunch({ url: this.back || '/pages/home/home' });
  },
});
