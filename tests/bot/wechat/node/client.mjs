// The platform, in another language: signs, encrypts and posts callbacks, decrypts what comes back.
//
//   node client.mjs < job.json
//   { "url": "http://…", "token": "…", "key": "EncodingAESKey", "appId": "wx…",
//     "mode": "plain" | "compatible" | "aes", "timestamp": 1772413200, "messages": ["<xml>…</xml>"] }
//
// Prints { "echo": {status, body}, "answers": [{status, body}] }: what a GET with an echostr was
// answered with, and each message; an encrypted body decrypted. Fails where an answer is not signed,
// padded or addressed as the documentation (《消息推送》) says.

import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomInt } from "node:crypto";
import http from "node:http";
import { text } from "node:stream/consumers";

const BLOCK = 32;
const job = JSON.parse(await text(process.stdin));
const key = Buffer.from(`${job.key}=`, "base64");
const iv = key.subarray(0, 16);

const sign = (...parts) => createHash("sha1").update(parts.sort().join("")).digest("hex");

function encrypt(message) {
  const content = Buffer.from(message, "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const frame = Buffer.concat([randomBytes(16), length, content, Buffer.from(job.appId)]);
  const missing = BLOCK - (frame.length % BLOCK);
  const cipher = createCipheriv("aes-256-cbc", key, iv).setAutoPadding(false);
  const padded = Buffer.concat([frame, Buffer.alloc(missing, missing)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString("base64");
}

function decrypt(encrypted) {
  const decipher = createDecipheriv("aes-256-cbc", key, iv).setAutoPadding(false);
  const octets = Buffer.from(encrypted, "base64");
  const padded = Buffer.concat([decipher.update(octets), decipher.final()]);
  const missing = padded.at(-1);
  assert(missing >= 1 && missing <= BLOCK, "padding");
  const frame = padded.subarray(0, padded.length - missing);
  const end = 20 + frame.readUInt32BE(16);
  assert.equal(frame.subarray(end).toString(), job.appId);
  return frame.subarray(20, end).toString("utf8");
}

function element(xml, name) {
  const found = xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)(?:\\]\\]>)?</${name}>`));
  assert(found, `no ${name}`);
  return found[1];
}

function opened(body) {
  if (job.mode === "plain" || body === "success") return body;
  const encrypted = element(body, "Encrypt");
  const parts = [element(body, "TimeStamp"), element(body, "Nonce"), encrypted];
  assert.equal(element(body, "MsgSignature"), sign(job.token, ...parts));
  return decrypt(encrypted);
}

const agent = new http.Agent({ keepAlive: true });

async function call(method, query, body) {
  const response = await new Promise((resolve, reject) => {
    const url = new URL(job.url);
    url.search = new URLSearchParams(query);
    const headers = { "Content-Type": "text/xml" };
    http.request(url, { method, agent, headers }, resolve).on("error", reject).end(body);
  });
  return { status: response.statusCode, body: await text(response) };
}

function signed() {
  const timestamp = String(job.timestamp);
  const nonce = String(randomInt(2 ** 31));
  return { signature: sign(job.token, timestamp, nonce), timestamp, nonce };
}

async function push(message) {
  const query = signed();
  let body = message;
  if (job.mode !== "plain") {
    const encrypted = encrypt(message);
    query.encrypt_type = "aes";
    query.msg_signature = sign(job.token, query.timestamp, query.nonce, encrypted);
    const rest = job.mode === "compatible" ? message.slice(0, -"</xml>".length) : "<xml>";
    body = `${rest}<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  }
  const answer = await call("POST", query, body);
  return answer.status === 200 ? { ...answer, body: opened(answer.body) } : answer;
}

const echo = await call("GET", { ...signed(), echostr: "4375120948345356249" });
const answers = [];
for (const message of job.messages) answers.push(await push(message));
agent.destroy();
console.log(JSON.stringify({ echo, answers }));
