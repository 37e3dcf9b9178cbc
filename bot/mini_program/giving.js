// A form on its way to the service, and what comes back.
const api = require('./api');
const { told } = require('./screen');
const { keyOf, taken } = require('./submission');

const NOTHING_TO_GIVE = [404, 409, 410];

function shown(fault) {
  const trouble = told(fault);
  if (NOTHING_TO_GIVE.includes(fault.status)) return { state: 'failed', trouble };
  // It may have been stored all the same.
  const calm = fault.status === 0 ? '您可以放心重新提交，不会重复评价。' : '';
  const general = { field: '', message: trouble.words + calm };
  return { faults: fault.status === 422 && fault.errors.length ? fault.errors : [general] };
}

/**
 * The answer; null where it was not taken, which the page then shows: beside the fields, or in
 * place of the form. form: what the form is about.
 */
async function give(page, form, path, given) {
  if (page.data.busy) return null;
  page.setData({ busy: true, faults: [] });
  try {
    const answer = await api.post(path, Object.assign({ submission: keyOf(form) }, given));
    taken(form);
    return answer;
  } catch (fault) {
    page.setData(shown(fault));
    return null;
  } finally {
    page.setData({ busy: false });
  }
}

module.exports = { give };
