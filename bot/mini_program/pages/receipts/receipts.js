const { get } = require('../../api');
const { screen } = require('../../screen');
const { spoken } = require('../../when');

screen({
  refreshes: true,

  data: { receipts: [] },

  async load() {
    const { receipts } = await get('/receipts');
    this.setData({
      receipts: receipts.map((each) => ({
        code: each.code,
        title: each.title,
        agency: each.agency,
        said: `${each.label} ${spoken(each.at)}`,
        order: each.order ? `差评工单${each.order.number}号：${each.order.state}` : '',
        more: each.follow_up_until ? `${spoken(each.follow_up_until)}前可以追加评价` : '',
      })),
    });
  },
});
