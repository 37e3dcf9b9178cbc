// What a code, a message or a link leads to: the path of the link, r/TOKEN, q/CODE or receipt/CODE.
const { server } = require('./config');

const SCENE = /^(r|q|receipt)\/[A-Za-z0-9._-]+$/;

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (malformed) {
    return '';
  }
}

function known(text) {
  return SCENE.test(text) ? text : null;
}

function ofLink(link) {
  return link.startsWith(`${server}/`) ? known(link.slice(server.length + 1).split(/[?#]/)[0]) : null;
}

/** Of a page's query: `scene` by our codes and messages, `q` by an ordinary code with our link. */
function ofQuery({ scene = '', q = '' }) {
  return known(decoded(scene)) || ofLink(decoded(q));
}

/** Of what wx.scanCode found. A mini-program's code has a path, whose scene iOS leaves encoded. */
function ofScan({ result = '', path = '' }) {
  const scene = /[?&]scene=([^&]*)/.exec(path);
  return scene ? known(decoded(scene[1])) : ofLink(result) || known(result);
}

/** The page that shows it. */
function page(scene) {
  const [leads, to] = scene.split('/');
  if (leads === 'q') return `/pages/place/place?code=${encodeURIComponent(to)}`;
  if (leads === 'receipt') return `/pages/receipt/receipt?code=${encodeURIComponent(to)}`;
  return `/pages/rate/rate?scene=${encodeURIComponent(scene)}`;
}

module.exports = { ofQuery, ofScan, page };
