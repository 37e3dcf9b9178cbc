// The form of a rating, for whatever the service asks. Event `give`: what was given.

/** What is not empty. */
function filled(fields) {
  const kept = {};
  fields.forEach((value, name) => { if (value.trim()) kept[name] = value.trim(); });
  return kept;
}

Component({
  properties: {
    asked: { type: Object, value: null },
    faults: { type: Array, value: [] },
    busy: { type: Boolean, value: false },
    big: { type: Boolean, value: false },
    question: { type: String, value: '您对这次服务满意吗？' },
  },

  data: {
    level: 0,
    need: '',
    targets: [],
    questions: [],
    unfolded: false,
    beside: {},
    summary: [],
  },

  observers: {
    'asked, faults': function changed() {
      this.draw();
    },
  },

  lifetimes: {
    created() {
      // What was chosen at another level is kept, in case the person comes back to it, and not sent.
      this.picked = new Set();
      this.words = {};
      this.answers = new Map();
      this.person = new Map();
    },
  },

  methods: {
    draw() {
      const { asked, faults, level } = this.data;
      if (!asked) return;
      const beside = {};
      faults.forEach(({ field, message }) => { beside[field.replace('rater_', '')] = message; });
      this.setData({
        beside,
        summary: Array.from(new Set(faults.map(({ message }) => message))),
        need: asked.negative.includes(level) ? asked.hint : '',
        targets: asked.targets.map(({ target, label, name, choices }) => ({
          target,
          name,
          room: asked.targets.length > 1 ? `具体情况或意见（${label}）` : '具体情况或意见',
          choices: (choices[level] || []).map(({ code, text }) => ({
            code, text, on: this.picked.has(`${target} ${level} ${code}`),
          })),
          words: this.words[target] || '',
          fault: beside[`reasons.${target}`] || beside[`reasons.${target}.indicators`] || '',
          wordsFault: beside[`reasons.${target}.words`] || '',
        })),
        questions: (asked.questions || []).map((question) => ({
          question,
          answer: this.answers.get(question) || '',
          fault: beside[`answers.${question}`] || '',
        })),
      });
    },

    onLevel({ detail }) {
      this.setData({ level: detail.level });
      this.draw();
    },

    onChoice({ currentTarget }) {
      const { target, code } = currentTarget.dataset;
      const place = `${target} ${this.data.level} ${code}`;
      if (!this.picked.delete(place)) this.picked.add(place);
      this.draw();
    },

    onWords({ currentTarget, detail }) {
      this.words[currentTarget.dataset.target] = detail.value;
    },

    onAnswer({ currentTarget, detail }) {
      this.answers.set(currentTarget.dataset.question, detail.value);
    },

    onPerson({ currentTarget, detail }) {
      this.person.set(currentTarget.dataset.field, detail.value);
    },

    onUnfold() {
      this.setData({ unfolded: !this.data.unfolded });
    },

    onGive() {
      const { level, targets } = this.data;
      if (!level) {
        this.setData({ faults: [{ field: 'level', message: '请选择满意程度。' }] });
        return;
      }
      const reasons = {};
      targets.forEach(({ target, choices }) => {
        reasons[target] = {
          indicators: choices.filter(({ on }) => on).map(({ code }) => code),
          words: (this.words[target] || '').trim(),
        };
      });
      this.triggerEvent('give', Object.assign(
        { level, reasons },
        this.answers.size ? { answers: filled(this.answers) } : {},
        filled(this.person),
      ));
    },
  },
});
