// From the microphone's rate to frames of 20 ms at 8 kHz, through a low-pass: what is above would
// fold back into the band. A windowed sinc, looked up where each sample falls.
const RATE = 8000, FRAME = 160
const BAND = 3700 // Hz, at 6 dB down
const CROSSINGS = 16, STEPS = 64

class Microphone extends AudioWorkletProcessor {
  #half = Math.ceil((CROSSINGS * sampleRate) / (2 * BAND))
  #kernel = Float32Array.from({ length: this.#half * STEPS + 1 }, (_, n) => {
    const x = n / STEPS, turn = (2 * Math.PI * BAND * x) / sampleRate
    const window = 0.54 + 0.46 * Math.cos((Math.PI * x) / this.#half)
    return ((2 * BAND) / sampleRate) * (n ? Math.sin(turn) / turn : 1) * window
  })
  #heard = new Float32Array(2 * this.#half)
  #at = this.#half
  #frame = new Int16Array(FRAME)
  #filled = 0

  process([input]) {
    if (!input.length) return true
    const heard = new Float32Array(this.#heard.length + input[0].length)
    heard.set(this.#heard)
    heard.set(input[0], this.#heard.length)
    for (; this.#at + this.#half < heard.length; this.#at += sampleRate / RATE) this.#put(this.#sample(heard))
    const spent = Math.floor(this.#at) - this.#half
    this.#heard = heard.slice(spent)
    this.#at -= spent
    return true
  }

  #sample(heard) {
    let sum = 0
    const last = Math.floor(this.#at + this.#half)
    for (let n = Math.ceil(this.#at - this.#half); n <= last; n++) {
      sum += heard[n] * this.#kernel[Math.round(Math.abs(n - this.#at) * STEPS)]
    }
    return sum
  }

  #put(sample) {
    this.#frame[this.#filled++] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)))
    if (this.#filled < FRAME) return
    this.port.postMessage(this.#frame.slice().buffer)
    this.#filled = 0
  }
}

registerProcessor("microphone", Microphone)
