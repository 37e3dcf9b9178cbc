// Copy to config.js, which stays out of version control, and fill in.
module.exports = {
  // The service's public address, without a slash at its end: a request 合法域名 of the mini-program.
  // Codes and links that begin with it open here.
  server: 'https://pj.example.gov.cn',
  // NAME of [mini_program.NAME] in the service's settings.
  account: 'city',
  // Who runs it, as citizens know them.
  operator: '某某市政务服务数据管理局',
};
