// What lists show of a service.
const { spoken } = require('./when');

function rateableLine(each) {
  const { token, title, agency, window, staff, tail, targets, late, until, timely_until: timely } = each;
  return {
    scene: `r/${token}`,
    title,
    what: `评价${targets.map(({ label }) => label).join('和')}`,
    about: [agency, window, staff, tail].filter(Boolean).join(' '),
    until: late ? '期限已过，仍可评价' : `请在${spoken(timely || until)}前评价`,
  };
}

module.exports = { rateableLine };
