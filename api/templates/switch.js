// The switch's side of a call, as Asterisk's chan_websocket keeps it: a queue of 20 ms frames that
// is played at its own pace, control messages in JSON.
const RATE = 8000, FRAMES = 50 // a second
const LOST_AT = 1000, XOFF_AT = 900, XON_BELOW = 800 // frames
const AHEAD = 0.02 // seconds: what begins at once begins late, and would run into the next

export class Switch {
  #socket
  #out = new AudioContext({ sampleRate: RATE })
  #until = 0 // where the queue ends, by the clock of #out
  #playing = new Set()
  #marks = []
  #asked = false
  #full = false
  #ticking

  // The promises: connected, hung up.
  constructor(call) {
    const url = new URL("/ivr/media", location.href)
    url.protocol = url.protocol.replace("http", "ws")
    url.searchParams.set("call", call)
    this.#out.resume()
    this.#socket = new WebSocket(url, "media")
    this.#socket.binaryType = "arraybuffer"
    this.#socket.onmessage = ({ data }) => (typeof data === "string" ? this.#obey(JSON.parse(data)) : this.#queue(data))
    this.opened = new Promise((opened) => {
      this.#socket.onopen = () => {
        this.#tell("MEDIA_START", {
          connection_id: "browser", channel: "WebSocket/browser/0x1", format: "slin",
          optimal_frame_size: 2 * RATE / FRAMES, ptime: 1000 / FRAMES,
        })
        opened()
      }
    })
    this.closed = new Promise((closed) => {
      this.#socket.onclose = () => {
        clearInterval(this.#ticking)
        this.#out.close()
        closed()
      }
    })
    this.#ticking = setInterval(() => this.#tick(), 1000 / FRAMES)
  }

  // What the caller says: 16-bit little-endian mono PCM at 8 kHz.
  send(pcm) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(pcm)
  }

  press(digit) {
    this.#tell("DTMF_END", { digit })
  }

  hangUp() {
    this.#socket.close(1000)
  }

  get #waiting() {
    return Math.max(0, this.#until - this.#out.currentTime) * FRAMES
  }

  #queue(pcm) {
    if (this.#waiting >= LOST_AT) return
    const samples = Float32Array.from(new Int16Array(pcm), (sample) => sample / 32768)
    const buffer = this.#out.createBuffer(1, samples.length, RATE)
    buffer.copyToChannel(samples, 0)
    const source = new AudioBufferSourceNode(this.#out, { buffer })
    source.connect(this.#out.destination)
    source.onended = () => this.#playing.delete(source)
    this.#playing.add(source)
    const begin = Math.max(this.#until, this.#out.currentTime + AHEAD)
    source.start(begin)
    this.#until = begin + buffer.duration
    if (!this.#full && this.#waiting >= XOFF_AT) {
      this.#full = true
      this.#tell("MEDIA_XOFF")
    }
  }

  #obey({ command, correlation_id }) {
    if (command === "MARK_MEDIA") this.#marks.push({ at: this.#until, correlation_id })
    else if (command === "REPORT_QUEUE_DRAINED") this.#asked = true
    else if (command === "FLUSH_MEDIA") this.#flush()
    else if (command === "HANGUP") this.hangUp()
  }

  #flush() {
    for (const source of this.#playing) source.stop()
    this.#playing.clear()
    this.#marks = []
    this.#until = 0
  }

  #tick() {
    if (this.#full && this.#waiting < XON_BELOW) {
      this.#full = false
      this.#tell("MEDIA_XON")
    }
    while (this.#marks.length && this.#marks[0].at <= this.#out.currentTime) {
      this.#tell("MEDIA_MARK_PROCESSED", { correlation_id: this.#marks.shift().correlation_id })
    }
    if (this.#asked && !this.#waiting) {
      this.#asked = false
      this.#tell("QUEUE_DRAINED")
    }
  }

  #tell(event, fields) {
    this.send(JSON.stringify({ event, channel_id: "1", ...fields }))
  }
}
