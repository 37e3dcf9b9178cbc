// What lists show of a service.
const { spoken } = require('./when');

function rateableLine({ token, title, agency, window, staff, late, until, timely_until: timely }) {
  return {
    scene: `r/${token}`,
    title,
    about: [agency, window, staff].filter(Boolean).join(' '),
    until: late ? '期限已过，仍可评价' : `请在${spoken(timely || until)}前评价`,
  };
}

module.exports = { rateableLine };
