// WXML as the documentation has it: parsed strictly, and rendered to a tree that a test can look at
// and touch. No layout: what is shown, what it says, and what happens when it is touched.

const TAGS = {
  view: ['tap'],
  text: ['tap'],
  image: ['tap'],
  block: [],
  navigator: [],
  input: ['input'],
  textarea: ['input'],
  button: ['tap', 'getphonenumber', 'agreeprivacyauthorization'],
  'page-meta': [],
  import: [],
  template: [],
};
const NAME = /[A-Za-z_][\w:.-]*/y;
const SPACE = /\s*/y;

export function parse(text) {
  const root = { tag: '#root', attrs: {}, children: [] };
  const open = [root];
  let at = 0;
  const fail = (why) => { throw new SyntaxError(`${why} at line ${text.slice(0, at).split('\n').length}`); };
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) fail(`expected ${pattern}`);
    at = pattern.lastIndex;
    return found[0];
  };
  const attribute = () => {
    const name = take(NAME);
    if (text[at] !== '=') return [name, true];
    at += 1;
    if (text[at] !== '"') fail('an unquoted attribute');
    const end = text.indexOf('"', at + 1);
    if (end < 0) fail('an open quote');
    const value = text.slice(at + 1, end);
    at = end + 1;
    return [name, value];
  };
  while (at < text.length) {
    const top = open[open.length - 1];
    if (text.startsWith('</', at)) {
      at += 2;
      const tag = take(NAME);
      if (tag !== top.tag) fail(`</${tag}> closes <${top.tag}>`);
      open.pop();
      take(/\s*>/y);
    } else if (text[at] === '<') {
      at += 1;
      const node = { tag: take(NAME), attrs: {}, children: [] };
      top.children.push(node);
      for (take(SPACE); !'/>'.includes(text[at]); take(SPACE)) {
        const [name, value] = attribute();
        if (name in node.attrs) fail(`${name} twice`);
        node.attrs[name] = value;
      }
      if (take(/\/?>/y) === '>') open.push(node);
    } else {
      const end = text.indexOf('<', at) < 0 ? text.length : text.indexOf('<', at);
      const words = text.slice(at, end);
      if (words.trim()) top.children.push({ words: words.replace(/\s*\n\s*/g, '') });
      at = end;
    }
  }
  if (open.length > 1) fail(`<${open.pop().tag}> is never closed`);
  return root;
}

/** Reading what is not there is a defect: WeChat would show nothing, and nobody would know. */
function strict(scope) {
  return new Proxy(scope, {
    has: (_, name) => typeof name === 'string',
    get: (_, name) => {
      if (name === Symbol.unscopables) return undefined;
      if (!(name in scope)) throw new ReferenceError(`{{${String(name)}}} is nobody's data`);
      return scope[name];
    },
  });
}

function evaluate(expression, scope) {
  return new Function('scope', `with (scope) { return (${expression}); }`)(strict(scope));
}

export function value(text, scope) {
  if (text === true) return true;
  const whole = /^\{\{([^]*?)\}\}$/.exec(text);
  if (whole && !whole[1].includes('{{')) return evaluate(whole[1], scope);
  return text.replace(/\{\{([^]*?)\}\}/g, (_, expression) => {
    const each = evaluate(expression, scope);
    return each === undefined || each === null ? '' : String(each);
  });
}

/**
 * host: whose WXML it is, with its methods. components: tag to a function of (key, properties,
 * events) that gives the component's own rendered nodes. load: path to parsed WXML.
 */
export class Renderer {
  constructor({ host, load, components }) {
    Object.assign(this, { host, load, components });
    this.templates = {};
  }

  render(root, scope) {
    root.children.forEach((node) => {
      if (node.tag === 'import') this.learn(this.load(node.attrs.src));
    });
    this.learn(root);
    return this.all(root.children, scope, '');
  }

  learn(root) {
    root.children.forEach((node) => {
      if (node.tag === 'template' && node.attrs.name) this.templates[node.attrs.name] = node;
    });
  }

  all(nodes, scope, key) {
    const shown = [];
    let decided = true;
    nodes.forEach((node, place) => {
      if (node.words !== undefined) {
        shown.push({ words: value(node.words, scope) });
        return;
      }
      const { attrs } = node;
      const branch = ['wx:if', 'wx:elif', 'wx:else'].find((each) => each in attrs);
      if (branch && !('wx:for' in attrs)) {
        if (branch !== 'wx:if' && decided) return;
        decided = branch === 'wx:else' || Boolean(value(attrs[branch], scope));
        if (!decided) return;
      }
      shown.push(...this.repeated(node, scope, `${key}/${place}`));
    });
    return shown;
  }

  repeated(node, scope, key) {
    const { attrs } = node;
    if (!('wx:for' in attrs)) return this.one(node, scope, key);
    const list = value(attrs['wx:for'], scope);
    if (!Array.isArray(list)) throw new TypeError(`wx:for over ${JSON.stringify(list)}`);
    const named = attrs['wx:for-item'] || 'item';
    const by = attrs['wx:key'];
    const keys = list.map((item, index) => {
      if (by === '*this') return item;
      return by === 'index' ? index : item[by];
    });
    if (new Set(keys).size < keys.length || keys.includes(undefined)) {
      throw new TypeError(`wx:key ${by} tells ${JSON.stringify(keys)} not apart`);
    }
    return list.flatMap((item, index) => {
      const inner = { ...scope, [named]: item, index };
      return this.one(node, inner, `${key}[${keys[index]}]`);
    });
  }

  one(node, scope, key) {
    const { tag, attrs } = node;
    if (tag === 'template') {
      if (attrs.name) return [];
      const template = this.templates[attrs.is];
      if (!template) throw new TypeError(`no template ${attrs.is}`);
      return this.all(template.children, evaluate(`{${/^\{\{([^]*)\}\}$/.exec(attrs.data)[1]}}`, scope), key);
    }
    if (tag === 'block') return this.all(node.children, scope, key);
    if (tag === 'import') return [];
    if (this.components[tag]) return this.component(node, scope, key);
    if (!TAGS[tag]) throw new TypeError(`<${tag}> is no component`);
    const { on, plain, dataset } = this.attributes(node, scope);
    Object.keys(on).forEach((event) => {
      if (!TAGS[tag].includes(event)) throw new TypeError(`<${tag}> has no event ${event}`);
    });
    return [{ tag, attrs: plain, dataset, on, children: this.all(node.children, scope, key) }];
  }

  component(node, scope, key) {
    const { on, plain } = this.attributes(node, scope);
    return this.components[node.tag](key, plain, on);
  }

  attributes(node, scope) {
    const on = {};
    const plain = {};
    const dataset = {};
    Object.entries(node.attrs).forEach(([name, given]) => {
      const event = /^(?:bind|catch):?([a-z]+)$/.exec(name);
      if (event) on[event[1]] = (detail, tapped) => this.call(given, event[1], detail, tapped, dataset);
      else if (name.startsWith('data-')) dataset[name.slice(5)] = value(given, scope);
      else if (!name.startsWith('wx:')) plain[name] = value(given, scope);
    });
    return { on, plain, dataset };
  }

  call(method, type, detail, tapped, dataset) {
    const handler = this.host[method];
    if (typeof handler !== 'function') throw new TypeError(`no handler ${method}`);
    return handler.call(this.host, { type, detail, currentTarget: { dataset }, target: { dataset: tapped || dataset } });
  }
}

/** All handlers, free names and templates of some WXML, for who checks them without rendering. */
export function mentioned(root) {
  const handlers = new Set();
  const names = new Set();
  const templates = new Set();
  const visit = (node, bound, inTemplate) => {
    const inner = new Set(bound);
    const { attrs = {}, children = [], words = '' } = node;
    const free = (expression) => {
      const bare = expression.replace(/'[^']*'/g, '').replace(/\.\s*[A-Za-z_]\w*/g, '');
      (bare.match(/[A-Za-z_]\w*/g) || [])
        .filter((name) => !inner.has(name) && !['true', 'false', 'null', 'length'].includes(name))
        .forEach((name) => { if (!inTemplate) names.add(name); });
    };
    const freed = (text) => [...text.matchAll(/\{\{([^]*?)\}\}/g)].forEach(([, each]) => free(each));
    if ('wx:for' in attrs) {
      freed(attrs['wx:for']);
      inner.add(attrs['wx:for-item'] || 'item').add('index');
    }
    if (attrs.is) templates.add(attrs.is);
    Object.entries(attrs).forEach(([name, text]) => {
      if (/^(bind|catch)/.test(name)) handlers.add(text);
      else if (typeof text === 'string' && name !== 'wx:for') freed(text);
    });
    freed(words);
    children.forEach((child) => visit(child, inner, inTemplate || (node.tag === 'template' && Boolean(attrs.name))));
  };
  visit(root, new Set(), false);
  return { handlers: [...handlers], names: [...names], templates: [...templates] };
}
