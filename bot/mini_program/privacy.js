// 用户隐私保护指引: nothing is asked of the service before it has been agreed to.

/** Whether it has to be agreed to first. */
function needed() {
  return new Promise((resolve) => {
    if (!wx.getPrivacySetting) {
      resolve(false); // Older than 2.32.3: WeChat asks by itself.
      return;
    }
    wx.getPrivacySetting({
      success: ({ needAuthorization }) => resolve(needAuthorization),
      fail: () => resolve(false),
    });
  });
}

module.exports = { needed };
