// A form's own key, kept until the form is taken: whoever tries again rates no second time.
const LIFE = 60 * 60 * 1000; // milliseconds; what is said at the same window later is another one

const letters = () => Math.random().toString(36).slice(2, 12);
const fresh = () => `mp-${Date.now().toString(36)}-${letters()}${letters()}`;
const place = (form) => `submission ${form}`;

/** form: what it is about, such as r/TOKEN. */
function keyOf(form) {
  const known = wx.getStorageSync(place(form));
  if (known && known.until > Date.now()) return known.key;
  const key = fresh();
  wx.setStorageSync(place(form), { key, until: Date.now() + LIFE });
  return key;
}

function taken(form) {
  wx.removeStorageSync(place(form));
}

module.exports = { fresh, keyOf, taken };
