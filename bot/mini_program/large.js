// Large type (关怀版): as the person chose here, else as they set it in WeChat.
const KEY = 'large type';
const CARING = 20; // px; WeChat's 关怀模式 begins at 22, its standard is 16 or 17

function isOn() {
  const chosen = wx.getStorageSync(KEY);
  if (typeof chosen === 'boolean') return chosen;
  return Boolean(wx.getAppBaseInfo) && wx.getAppBaseInfo().fontSizeSetting >= CARING;
}

function set(on) {
  wx.setStorageSync(KEY, on);
}

module.exports = { isOn, set };
