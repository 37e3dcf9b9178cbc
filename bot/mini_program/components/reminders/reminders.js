// 订阅消息. WeChat opens its dialogue for a tap only, at most three templates at a time, and never
// one-time and lasting ones together: a tap asks for one kind, the next tap for the other.
const api = require('../../api');
const { told } = require('../../screen');
const { fresh } = require('../../submission');

const MOST = 3;
const SWITCHED_OFF = 20004;

Component({
  properties: {
    /** [{kind, id, lasting}] of /me. */
    templates: { type: Array, value: [] },
  },

  data: { asking: [], note: '', busy: false },

  observers: {
    templates(templates) {
      const of = (lasting) => templates.filter((each) => each.lasting === lasting).map(({ id }) => id);
      this.setData({ asking: [of(true), of(false)].filter(({ length }) => length) });
    },
  },

  methods: {
    onAsk() {
      const ids = this.data.asking[0].slice(0, MOST);
      wx.requestSubscribeMessage({
        tmplIds: ids,
        success: (answer) => this.tell(ids, answer),
        fail: ({ errCode }) => this.setData({
          note: errCode === SWITCHED_OFF
            ? '您在微信里关闭了订阅消息。请点右上角“…”，在“设置”的“订阅消息”里打开。'
            : '暂时无法订阅，请稍后再试。',
        }),
      });
    },

    async tell(ids, answer) {
      const results = {};
      ids.filter((id) => answer[id]).forEach((id) => { results[id] = answer[id]; });
      this.setData({ busy: true });
      try {
        const { taken } = await api.post('/consents', { results, submission: fresh() });
        this.setData({
          asking: this.data.asking.slice(1),
          note: taken.length ? '已记下，有消息时会在微信里通知您。' : '好的，不打扰您。',
        });
      } catch (fault) {
        this.setData({ note: told(fault).words });
      } finally {
        this.setData({ busy: false });
      }
    },
  },
});
