const { get } = require('../../api');
const { give } = require('../../giving');
const { rateableLine } = require('../../lines');
const scenes = require('../../scene');
const { screen } = require('../../screen');

screen({
  data: { place: null, rateable: [], whole: false, faults: [], busy: false, kept: false, level: 0 },

  async load() {
    const { place } = await get(`/scenes/q/${this.query.code}`);
    const here = place.rateable.filter(({ window }) => window === place.name);
    const elsewhere = place.rateable.filter(({ window }) => window !== place.name);
    const rateable = here.concat(elsewhere).map(rateableLine);
    this.opinion = {};
    this.setData({ place, rateable, whole: !rateable.length });
  },

  onOpen({ currentTarget }) {
    wx.navigateTo({ url: scenes.page(currentTarget.dataset.scene) });
  },

  onWhole() {
    this.setData({ whole: true });
  },

  onLevel({ detail }) {
    this.setData({ level: detail.level });
  },

  onField({ currentTarget, detail }) {
    this.opinion[currentTarget.dataset.field] = detail.value;
  },

  async onGive({ detail }) {
    const receipt = await this.send(detail);
    if (receipt) wx.redirectTo({ url: `/pages/receipt/receipt?code=${receipt.code}&fresh=1` });
  },

  async onOpinion() {
    const { level } = this.data;
    const kept = await this.send(Object.assign({}, this.opinion, level ? { level } : {}));
    if (kept) this.setData({ kept: true });
  },

  send(given) {
    const { code } = this.data.place;
    return give(this, `q/${code}`, `/places/${code}`, given);
  },
});
