import { Switch } from "./switch.js"

const WAIT = 30 // seconds in which what was said is stored: a reason is written down first
const the = (id) => document.getElementById(id)
const keys = [...the("keys").children]
let call = null

the("dial").onclick = dial
the("hangup").onclick = () => call?.hangUp()
for (const key of keys) key.onclick = () => press(key.value)
addEventListener("keydown", (event) => {
  if (!call || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
  const key = keys.find(({ value }) => value === event.key)
  if (key) press(key.value)
})

function press(digit) {
  call?.press(digit)
  const key = keys.find(({ value }) => value === digit)
  key.classList.add("down")
  setTimeout(() => key.classList.remove("down"), 150)
}

async function dial() {
  the("dial").disabled = true
  the("kept").hidden = true
  say("正在接通…")
  try {
    const { uuid } = await ask("/demo/phone/calls", {
      method: "POST",
      body: JSON.stringify({ hotline: the("hotline").value, queue: the("queue")?.value || null }),
    })
    await talk(uuid)
    say("通话结束，正在保存…")
    show(await outcome(uuid))
  } catch (fault) {
    say(fault.message)
  }
  the("dial").disabled = false
  the("dial").focus({ preventScroll: true })
}

async function talk(uuid) {
  call = new Switch(uuid)
  const opened = await Promise.race([call.opened.then(() => true), call.closed.then(() => false)])
  let mute = () => {}
  const ticking = setInterval(tick, 250, Date.now())
  if (opened) {
    inCall(true)
    listen(call).then((stop) => { mute = stop; if (!call) mute() })
    await call.closed
  }
  clearInterval(ticking)
  call = null
  mute()
  inCall(false)
  if (!opened) throw new Error("没有接通，请稍后再拨。")
}

function inCall(yes) {
  the("choice").hidden = the("dial").hidden = yes
  the("hangup").hidden = !yes
  the("time").textContent = ""
  for (const key of keys) key.disabled = !yes
  if (yes) keys[0].focus()
}

function tick(since) {
  const seconds = Math.floor((Date.now() - since) / 1000)
  the("time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}

// Resolves to what stops it.
async function listen(to) {
  try {
    const stop = await microphone(to)
    say("通话中，请按提示音说或按键。")
    return stop
  } catch {
    const why = window.isSecureContext ? "麦克风没有打开" : "浏览器只允许https或本机的网页用麦克风"
    say(`通话中，请按键。${why}，对方听不到您说话。`)
    const silence = setInterval(() => to.send(new Int16Array(160)), 20)
    return () => clearInterval(silence)
  }
}

async function microphone(to) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  })
  const context = new AudioContext()
  const stop = () => {
    for (const track of stream.getTracks()) track.stop()
    context.close()
  }
  try {
    await context.audioWorklet.addModule("/demo/phone/microphone.js")
    const frames = new AudioWorkletNode(context, "microphone")
    frames.port.onmessage = ({ data }) => to.send(data)
    // It gives no sound, but only what leads somewhere is run.
    context.createMediaStreamSource(stream).connect(frames).connect(context.destination)
  } catch (fault) {
    stop()
    throw fault
  }
  return stop
}

async function outcome(uuid) {
  for (let tries = 2 * WAIT; ; tries--) {
    const kept = await ask(`/demo/phone/calls/${uuid}`)
    if (kept.ended || !kept.answered || !tries) return kept
    await new Promise((on) => setTimeout(on, 500))
  }
}

function show(kept) {
  const rows = [
    ["满意程度", kept.level],
    ["原因", kept.words],
    ["差评工单", kept.order && `第${kept.order}号`],
    ["回执", kept.receipt && link(kept.receipt, "查看评价回执")],
    ["消息", link("/demo", "演示页上有发出的消息")],
  ]
  the("kept").replaceChildren(...rows.filter(([, what]) => what).map(([name, what]) => {
    const row = document.createElement("div")
    for (const [tag, content] of [["dt", name], ["dd", what]]) {
      const cell = document.createElement(tag)
      cell.append(content)
      row.append(cell)
    }
    return row
  }))
  the("kept").hidden = false
  the("kept").scrollIntoView({ block: "nearest" })
  if (kept.receipt) say("通话结束，评价已保存，谢谢您！")
  else if (kept.ended) say("通话结束，没有完成评价。")
  else say("通话没有接通。")
}

function link(href, words) {
  const a = document.createElement("a")
  a.href = href
  a.append(words)
  return a
}

// Throws what is to be shown.
async function ask(url, options) {
  const answer = await fetch(url, options).catch(() => { throw new Error("连接不上演示服务。") })
  const said = await answer.json()
  if (!answer.ok) throw new Error(said.detail)
  return said
}

function say(words) {
  the("says").textContent = words
}
