// Five levels, as faces and words. Event `choose`: {level}.
Component({
  properties: {
    levels: { type: Array, value: [] },
    level: { type: Number, value: 0 },
    big: { type: Boolean, value: false },
  },
  data: { shown: [] },
  observers: {
    levels(levels) {
      // 非常 and 满意 beneath each other, in a column that is too narrow for both.
      this.setData({ shown: levels.map(({ level, label }) => ({
        level, label, parts: label.length > 3 ? [label.slice(0, 2), label.slice(2)] : [label],
      })) });
    },
  },
  methods: {
    onChoose({ currentTarget }) {
      this.triggerEvent('choose', { level: currentTarget.dataset.level });
    },
  },
});
