// WeChat on somebody's phone: the mini-program's own files run in it unchanged, with nothing of Node
// there for them, and a person looks at the screen and touches it.

import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { wxOf } from './wx.mjs';
import { parse, Renderer } from './wxml.mjs';

/** setData takes what JSON can carry, and only what the page has declared. */
function checked(given, declared) {
  const visit = (each, where) => {
    if (each === null || ['string', 'boolean'].includes(typeof each) || Number.isFinite(each)) return;
    const kind = Object.prototype.toString.call(each);
    if (kind === '[object Array]') each.forEach((one, at) => visit(one, `${where}[${at}]`));
    else if (kind === '[object Object]') Object.entries(each).forEach(([name, one]) => visit(one, `${where}.${name}`));
    else throw new TypeError(`setData: ${where} is ${String(each)}`);
  };
  Object.entries(given).forEach(([name, each]) => {
    if (!declared.has(name)) throw new TypeError(`setData: ${name} is not in data`);
    visit(each, name);
  });
  const text = JSON.stringify(given);
  if (text.length > 1024 * 1024) throw new TypeError('setData: more than 1 MB');
  return JSON.parse(text);
}

export class Phone {
  /** answers: what the person and the platform have to give, filled by the test. */
  constructor(folder) {
    this.folder = folder;
    this.app = JSON.parse(this.text('app.json'));
    this.storage = {};
    this.stack = [];
    this.pending = 0;
    this.wires = 0; // requests without an answer yet
    this.faults = [];
    this.calls = [];
    this.answers = {
      logins: [], phones: [], scans: [], modals: [], consents: {}, lasting: [], privacy: false, font: 17,
      // Ahead of each request: `cut` loses its answer, `offline` the request itself, a `proxy` says 502,
      // and what is `slow` is answered when all the others have been.
      network: [],
    };
    this.modules = {};
    this.parsed = {};
    this.definitions = {};
    this.context = vm.createContext(this.globals());
    this.require('app.js');
  }

  text(file) {
    return fs.readFileSync(path.join(this.folder, file), 'utf8');
  }

  globals() {
    const define = (kind) => (definition) => {
      if (this.defined) throw new Error(`${kind} twice in a file`);
      this.defined = { kind, definition };
    };
    return {
      App: () => {},
      Page: define('Page'),
      Component: define('Component'),
      wx: wxOf(this),
      // Time passes at once.
      setTimeout: (work) => { this.soon(work); return 1; },
    };
  }

  require(file) {
    if (!(file in this.modules)) {
      const module = { exports: {} };
      this.modules[file] = module;
      const code = `(function (require, module, exports) {${this.text(file)}\n})`;
      const near = (name) => {
        if (!/^\.{1,2}\//.test(name)) throw new Error(`require('${name}') is of no file`);
        return this.require(`${path.posix.join(path.posix.dirname(file), name)}.js`);
      };
      new vm.Script(code, { filename: file }).runInContext(this.context)(near, module, module.exports);
    }
    return this.modules[file].exports;
  }

  /** kind: Page or Component. where: its path without a suffix. */
  definition(kind, where) {
    if (!(where in this.definitions)) {
      this.require(`${where}.js`);
      if (!this.defined || this.defined.kind !== kind) throw new Error(`${where}.js is no ${kind}`);
      this.definitions[where] = { ...this.defined.definition, json: JSON.parse(this.text(`${where}.json`)) };
      this.defined = null;
      this.text(`${where}.wxss`);
    }
    return this.definitions[where];
  }

  wxml(file) {
    this.parsed[file] = this.parsed[file] || parse(this.text(file));
    return this.parsed[file];
  }

  // What is under way

  /** Runs what a page gave us; what it throws is the test's to see. */
  run(work) {
    try {
      const made = work();
      if (made && typeof made.then === 'function') {
        this.pending += 1;
        made.then(() => { this.pending -= 1; }, (fault) => { this.pending -= 1; this.faults.push(fault); });
      }
      return made;
    } catch (fault) {
      this.faults.push(fault);
      return undefined;
    }
  }

  soon(work) {
    this.pending += 1;
    setImmediate(() => { this.pending -= 1; this.run(work); });
  }

  async idle() {
    for (let quiet = 0; quiet < 5; quiet += 1) {
      await new Promise((resolve) => { setImmediate(resolve); });
      if (this.pending) quiet = 0;
    }
    if (this.faults.length) throw this.faults.shift();
  }

  // Pages and components

  /** A page comes on the screen. Its query is handed on as it stands in the address. */
  enter(where, search) {
    const query = Object.fromEntries(search.split('&').filter(Boolean).map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }));
    const page = this.made('Page', where, where);
    page.route = where;
    this.stack.push(page);
    this.run(() => page.onLoad && page.onLoad(query));
    this.run(() => page.onShow && page.onShow());
  }

  back() {
    this.stack.pop();
    this.show();
  }

  /** As after a look at another app. */
  show() {
    const page = this.stack[this.stack.length - 1];
    this.run(() => page.onShow && page.onShow());
  }

  made(kind, where, key) {
    const definition = this.definition(kind, where);
    const host = kind === 'Page' ? { ...definition } : { ...definition.methods };
    const properties = definition.properties || {};
    const data = { ...definition.data };
    Object.entries(properties).forEach(([name, { value }]) => { data[name] = value; });
    host.data = JSON.parse(JSON.stringify(data));
    const declared = new Set(Object.keys(host.data));
    const observers = Object.entries(definition.observers || {}).map(([names, work]) => [names.split(/\s*,\s*/), work]);
    host.setData = (given) => {
      Object.assign(host.data, checked(given, declared));
      observers.filter(([names]) => names.some((name) => name in given))
        .forEach(([names, work]) => work.apply(host, names.map((name) => host.data[name])));
    };
    const inner = new Map();
    host.rendered = () => this.rendered(where, definition, host, inner);
    host.take = (given) => {
      const changed = {};
      Object.entries(given).forEach(([name, each]) => {
        if (!(name in properties)) throw new TypeError(`${where} has no property ${name}`);
        const { type } = properties[name];
        if (each !== null && each !== undefined && Object(each).constructor.name !== type.name) {
          throw new TypeError(`${where}: ${name} is no ${type.name}: ${JSON.stringify(each)}`);
        }
        if (JSON.stringify(each) !== JSON.stringify(host.given[name])) changed[name] = each;
      });
      host.given = JSON.parse(JSON.stringify(given));
      if (Object.keys(changed).length) host.setData(changed);
    };
    host.given = {};
    host.key = key;
    if (kind === 'Component') {
      host.triggerEvent = (name, detail) => {
        if (!host.events[name]) throw new TypeError(`nobody hears ${name} of ${where}`);
        this.run(() => host.events[name](detail));
      };
      const { created } = definition.lifetimes || {};
      if (created) created.call(host);
    }
    return host;
  }

  rendered(where, definition, host, inner) {
    const components = {};
    const seen = new Set();
    Object.entries(definition.json.usingComponents || {}).forEach(([tag, file]) => {
      const from = file.slice(1);
      if (!this.definition('Component', from).json.component) throw new Error(`${from}.json is no component's`);
      components[tag] = (key, given, events) => {
        const id = `${tag} ${key}`;
        seen.add(id);
        if (!inner.has(id)) inner.set(id, this.made('Component', from, id));
        const component = inner.get(id);
        component.events = events;
        component.take(given);
        return component.rendered();
      };
    });
    const load = (file) => this.wxml(path.posix.join(path.posix.dirname(where), file));
    const renderer = new Renderer({ host, load, components });
    const nodes = renderer.render(this.wxml(`${where}.wxml`), host.data);
    [...inner.keys()].filter((id) => !seen.has(id)).forEach((id) => inner.delete(id));
    return nodes;
  }

  get page() {
    return this.stack[this.stack.length - 1];
  }

  // What a person sees and does

  screen() {
    return this.page.rendered();
  }

  words() {
    const lines = [];
    const visit = (nodes) => nodes.forEach((node) => {
      if (node.words !== undefined) lines.push(node.words);
      else visit(node.children);
    });
    visit(this.screen());
    return lines.join('\n');
  }

  find(says, fits) {
    const found = [];
    const visit = (nodes, above) => nodes.forEach((node) => {
      if (node.words !== undefined) return;
      const chain = [node, ...above];
      if (fits(node) && says === label(node)) found.push(chain);
      visit(node.children, chain);
    });
    visit(this.screen(), []);
    if (found.length !== 1) throw new Error(`${found.length} × “${says}” in:\n${this.words()}`);
    return found[0];
  }

  tap(says) {
    const [node, ...above] = this.find(says, ({ on, tag, attrs }) => 'tap' in on || tag === 'navigator' || 'open-type' in attrs);
    if (node.attrs.disabled) throw new Error(`“${says}” is disabled`);
    if (node.tag === 'navigator') {
      const go = { undefined: 'navigateTo', redirect: 'redirectTo', reLaunch: 'reLaunch' }[node.attrs['open-type']];
      this.context.wx[go]({ url: node.attrs.url });
      return;
    }
    this.tapping = true;
    if (node.attrs['open-type'] === 'getPhoneNumber') {
      const code = this.answers.phones.shift();
      const given = code ? { errMsg: 'getPhoneNumber:ok', code } : { errMsg: 'getPhoneNumber:fail user deny' };
      this.run(() => node.on.getphonenumber(given));
    } else if (node.attrs['open-type'] === 'agreePrivacyAuthorization') {
      this.answers.privacy = false;
      this.run(() => node.on.agreeprivacyauthorization({}));
    }
    [node, ...above].filter(({ on }) => on.tap).forEach(({ on }) => this.run(() => on.tap({}, node.dataset)));
    this.tapping = false;
  }

  type(says, words) {
    const [node] = this.find(says, ({ tag }) => tag === 'input' || tag === 'textarea');
    const most = node.attrs.maxlength === undefined ? 140 : Number(node.attrs.maxlength);
    this.run(() => node.on.input({ value: words.slice(0, most) }));
  }
}

/** What a screen reader would say. */
function label(node) {
  if (node.attrs['aria-label']) return node.attrs['aria-label'];
  const said = (each) => {
    if (each.words !== undefined) return each.words;
    return each.attrs['aria-hidden'] ? '' : each.children.map(said).join('');
  };
  return said(node);
}
