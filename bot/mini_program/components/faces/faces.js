// Five levels, as faces and words. Event `choose`: {level}.
Component({
  properties: {
    levels: { type: Array, value: [] },
    level: { type: Number, value: 0 },
    big: { type: Boolean, value: false },
  },
  methods: {
    onChoose({ currentTarget }) {
      this.triggerEvent('choose', { level: currentTarget.dataset.level });
    },
  },
});
