// A phone for a test in another process: a line of JSON in, a line of JSON out.
// node phone.mjs FOLDER

import fs from 'node:fs';
import readline from 'node:readline';
import { Phone } from './wechat.mjs';
import { parse, mentioned } from './wxml.mjs';

const phone = new Phone(process.argv[2]);

const acts = {
  give: (answers) => { Object.assign(phone.answers, answers); },
  open: (address) => {
    const [where, search = ''] = address.split('?');
    phone.stack.splice(0);
    phone.enter(where, search);
  },
  tap: (says) => phone.tap(says),
  type: ([says, words]) => phone.type(says, words),
  back: () => phone.back(),
  show: () => phone.show(),
  forget: () => { phone.storage = {}; },
  tree: () => phone.screen(),
  parts: (where) => {
    const kind = where.startsWith('pages/') ? 'Page' : 'Component';
    const definition = phone.definition(kind, where);
    const has = { ...definition, ...definition.methods };
    const parts = mentioned(phone.wxml(`${where}.wxml`));
    const shared = phone.wxml('parts/states.wxml').children.filter(({ attrs }) => parts.templates.includes(attrs.name));
    return {
      ...parts,
      handlers: [...parts.handlers, ...shared.flatMap((each) => mentioned(each).handlers)],
      methods: Object.keys(has).filter((name) => typeof has[name] === 'function'),
      data: Object.keys({ ...definition.data, ...definition.properties }),
    };
  },
  parse: (text) => { parse(text); },
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [act, given] = JSON.parse(line);
  let answer;
  try {
    const made = acts[act](given);
    await phone.idle();
    const top = phone.page;
    answer = {
      made: made === undefined ? null : made,
      route: top ? top.route : '',
      text: top ? phone.words() : '',
      storage: phone.storage,
      calls: phone.calls.splice(0),
    };
  } catch (fault) {
    answer = { fault: String(fault.stack || fault) };
  }
  fs.writeSync(1, `${JSON.stringify(answer)}\n`);
}
