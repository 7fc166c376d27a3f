// Sources, computed note by note. Each is (context, settings) => node; `at` is when it starts, in seconds.

import { layer, loop, once, RATE, random, render, renderLoop, start } from "./engine.js";

export const hz = (note) => 440 * 2 ** ((note - 69) / 12); // of a MIDI number

const mix = (context, nodes, gain = 1) => {
  const output = new GainNode(context, { gain });
  for (const node of nodes) node.connect(output);
  return output;
};

/** A gain that opens in `attack` seconds, holds for `length`, and falls in `release`. */
export function envelope(context, { at = 0, attack = 0.002, length = 0, release = 0.2, peak = 1 }) {
  const node = new GainNode(context, { gain: 0 });
  // From 0.0001, because an exponential ramp cannot start or end at 0.
  node.gain.setValueAtTime(0.0001, at);
  node.gain.exponentialRampToValueAtTime(peak, at + attack);
  node.gain.setValueAtTime(peak, at + attack + length);
  node.gain.exponentialRampToValueAtTime(0.0001, at + attack + length + release);
  node.gain.setValueAtTime(0, at + attack + length + release);
  return node;
}

export function tone(context, { type = "sine", frequency, at = 0, length = 1, detune = 0 }) {
  return start(new OscillatorNode(context, { type, frequency, detune }), at, at + length);
}

/** White noise, or pink: as much in each octave as in the next. The same for the same seed. */
export function noiseBuffer({ seconds = 1, pink = false, seed = 1 } = {}) {
  const buffer = new AudioBuffer({ length: Math.round(seconds * RATE), sampleRate: RATE });
  const samples = buffer.getChannelData(0);
  const next = random(seed);
  let [a, b, c] = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const white = 2 * next() - 1;
    if (!pink) samples[i] = white;
    else {
      // Three leaky sums of Paul Kellet’s; right within half a decibel.
      a = 0.99765 * a + 0.099046 * white;
      b = 0.963 * b + 0.2965164 * white;
      c = 0.57 * c + 1.0526913 * white;
      samples[i] = 0.15 * (a + b + c + 0.1848 * white);
    }
  }
  return buffer;
}

const hiss = once(noiseBuffer);
export function noise(context, { at = 0, length = 0.2 } = {}) {
  return start(new AudioBufferSourceNode(context, { buffer: hiss(), loop: true }), at, at + length);
}

const filtered = (context, source, type, frequency, Q = 0) =>
  source.connect(new BiquadFilterNode(context, { type, frequency, Q }));

/** A lowpass that closes. It moves once a block: moving it every sample costs ten times as much. */
function closing(context, { at, from, to, seconds, Q }) {
  const filter = new BiquadFilterNode(context, { type: "lowpass", Q });
  filter.frequency.automationRate = "k-rate";
  filter.frequency.setValueAtTime(from, at);
  filter.frequency.exponentialRampToValueAtTime(to, at + seconds);
  return filter;
}

/** Vibrato, in cents. */
function sway(context, voices, { at, length, rate = 5.4, cents = 14 }) {
  const depth = new GainNode(context, { gain: 0 });
  depth.gain.setValueAtTime(0, at);
  depth.gain.linearRampToValueAtTime(cents, at + 0.35);
  tone(context, { frequency: rate, at, length }).connect(depth);
  for (const voice of voices) {
    voice.detune.automationRate = "k-rate";
    depth.connect(voice.detune);
  }
}

export function kick(context, { at = 0, level = 1 } = {}) {
  const body = tone(context, { frequency: 48, at, length: 0.5 });
  body.frequency.setValueAtTime(190, at);
  body.frequency.exponentialRampToValueAtTime(48, at + 0.07);
  const click = filtered(context, noise(context, { at, length: 0.03 }), "highpass", 2500);
  return mix(
    context,
    [
      body.connect(envelope(context, { at, length: 0.05, release: 0.3 })),
      click.connect(envelope(context, { at, attack: 0.0005, release: 0.015, peak: 0.35 })),
    ],
    level,
  );
}

export function snare(context, { at = 0, level = 1 } = {}) {
  const body = tone(context, { type: "triangle", frequency: 185, at, length: 0.25 });
  body.frequency.setValueAtTime(320, at);
  body.frequency.exponentialRampToValueAtTime(185, at + 0.03);
  const wires = filtered(context, noise(context, { at, length: 0.35 }), "highpass", 1800);
  return mix(
    context,
    [
      body.connect(envelope(context, { at, release: 0.14, peak: 0.7 })),
      wires.connect(envelope(context, { at, attack: 0.001, length: 0.02, release: 0.2, peak: 0.55 })),
    ],
    level,
  );
}

export function hat(context, { at = 0, level = 1, length = 0 } = {}) {
  const release = length + 0.05;
  const metal = filtered(context, noise(context, { at, length: release + 0.05 }), "highpass", 8000);
  return mix(context, [metal.connect(envelope(context, { at, attack: 0.001, release, peak: 0.45 }))], level);
}

export function bass(context, { at = 0, note = 33, length = 0.3, level = 1 } = {}) {
  const frequency = hz(note);
  const both = mix(
    context,
    [
      tone(context, { type: "sawtooth", frequency, at, length: length + 0.2 }),
      tone(context, { type: "square", frequency: frequency / 2, at, length: length + 0.2 }),
    ],
    0.4,
  );
  return mix(
    context,
    [
      both
        .connect(closing(context, { at, from: 1400, to: 260, seconds: 0.18, Q: 4 }))
        .connect(envelope(context, { at, attack: 0.004, length, release: 0.08 })),
    ],
    level,
  );
}

/** A chord on something like an electric piano. */
export function keys(context, { at = 0, notes = [57, 60, 64], length = 0.5, level = 1 } = {}) {
  const voices = notes.flatMap((note) => [
    tone(context, { type: "triangle", frequency: hz(note), at, length: length + 1, detune: -5 }),
    tone(context, { type: "triangle", frequency: hz(note), at, length: length + 1, detune: 6 }),
    mix(context, [
      tone(context, { frequency: 4 * hz(note), at, length: 0.6 }).connect(
        envelope(context, { at, release: 0.35, peak: 0.3 }),
      ),
    ]),
  ]);
  const warm = new BiquadFilterNode(context, { type: "lowpass", frequency: 3200, Q: 0 });
  return mix(
    context,
    [
      mix(context, voices, 0.22)
        .connect(warm)
        .connect(envelope(context, { at, attack: 0.006, length, release: 0.7 })),
    ],
    level,
  );
}

export function lead(context, { at = 0, note = 76, length = 0.3, level = 1 } = {}) {
  const end = length + 0.3;
  const voices = [-7, 7].map((detune) =>
    tone(context, { type: "sawtooth", frequency: hz(note), at, length: end, detune }),
  );
  sway(context, voices, { at, length: end });
  return mix(
    context,
    [
      mix(context, voices, 0.3)
        .connect(closing(context, { at, from: 3800, to: 1500, seconds: 0.25, Q: 3 }))
        .connect(envelope(context, { at, attack: 0.012, length, release: 0.2 })),
    ],
    level,
  );
}

const VOWELS = {
  // where the mouth resonates, in hertz
  a: [800, 1150, 2900],
  e: [400, 1700, 2600],
  i: [300, 2200, 3000],
  o: [450, 800, 2830],
  u: [325, 700, 2530],
};

/** Something like a sung vowel: a buzz with vibrato, through three resonances. */
export function voice(context, { at = 0, note = 57, length = 0.8, vowel = "a", level = 1 } = {}) {
  const end = length + 0.3;
  const buzz = tone(context, { type: "sawtooth", frequency: hz(note), at, length: end });
  sway(context, [buzz], { at, length: end, rate: 5.1, cents: 20 });
  const breath = new GainNode(context, { gain: 0.04 });
  noise(context, { at, length: end }).connect(breath);
  const source = mix(context, [buzz, breath]);
  const throat = VOWELS[vowel].map((frequency, i) =>
    mix(context, [filtered(context, source, "bandpass", frequency, 9 + 3 * i)], [1, 0.6, 0.3][i]),
  );
  return mix(
    context,
    [mix(context, throat).connect(envelope(context, { at, attack: 0.06, length, release: 0.2 }))],
    level,
  );
}

// A two-bar song in A minor that the labs share.
export const BPM = 112;
export const SIXTEENTH = 60 / BPM / 4;
export const BARS = 2;
export const SONG = BARS * 16 * SIXTEENTH; // seconds
export const CHORDS = [
  [57, 60, 64, 67],
  [53, 57, 60, 64],
  [55, 60, 64],
  [55, 59, 62, 65],
]; // Am7 F C G7, half a bar each

const TAILS = { kick: 0.45, snare: 0.3, hat: 0.08, bass: 0.12, keys: 0.75, lead: 0.25, voice: 0.3 }; // seconds after the length

/** One note or hit as an AudioBuffer, made once: cheaper to play than its graph. A promise. */
export function shot(voice, settings = {}) {
  const key = voice.name + JSON.stringify(settings);
  const seconds = (settings.length ?? 0) + (TAILS[voice.name] ?? 1);
  shots[key] ??= render(seconds, (context) => voice(context, settings));
  return shots[key];
}
const shots = {};

// A part is a list of notes: [sixteenth, voice, settings, level].
const steps = (pattern, note) =>
  [...pattern].flatMap((mark, i) => (mark === "." ? [] : [[i, ...note(i), mark === "x" ? 1 : 0.55]]));
const half = (i) => Math.floor(i / 8);

export const PARTS = {
  drums: [
    ...steps("x.....x.x.x.....x.....x.x..x....", () => [kick, {}]),
    ...steps("....x..-.-..x.......x..-....x.--", () => [snare, {}]),
    ...steps("x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-", () => [hat, { level: 0.45 }]),
  ],
  bass: steps("x..x..x.x..x..-.x..x..x.x..x.-x-", (i) => [
    bass,
    { note: [33, 29, 36, 31][half(i)] + (i % 8 === 6 ? 12 : 0), length: 1.2 * SIXTEENTH, level: 0.9 },
  ]),
  keys: steps("x..-....x..-....x..-....x..-..-.", (i) => [
    keys,
    { notes: CHORDS[half(i)], length: 2 * SIXTEENTH, level: 0.6 },
  ]),
  lead: [
    [0, 76, 3],
    [3, 74, 3],
    [6, 72, 4],
    [12, 69, 2],
    [14, 72, 2],
    [16, 76, 3],
    [19, 79, 3],
    [22, 74, 6],
  ].map(([step, note, length]) => [step, lead, { note, length: 0.9 * length * SIXTEENTH, level: 0.4 }, 1]),
  voice: [
    [0, 57, 5, "a"],
    [6, 60, 4, "o"],
    [11, 59, 3, "e"],
    [16, 57, 6, "a"],
    [23, 55, 3, "i"],
    [27, 53, 4, "u"],
  ].map(([step, note, length, vowel]) => [step, voice, { note, vowel, length: 0.8 * length * SIXTEENTH }, 1]),
};
PARTS.song = [...PARTS.drums, ...PARTS.bass, ...PARTS.keys, ...PARTS.lead];

const loops = {};

/** A loop at working level, made once: a part by its name, or "pink" noise. A promise of an AudioBuffer. */
export function loopOf(name) {
  loops[name] ??= name === "pink" ? pink() : notesLoop(SONG, PARTS[name]);
  return loops[name];
}

const pink = () => renderLoop(4, (context) => loop(context, noiseBuffer({ seconds: 4, pink: true })));

/** A loop of notes like those of PARTS. */
export async function notesLoop(seconds, notes) {
  const sounds = await Promise.all(
    notes.map(async ([step, voice, settings, level]) => ({
      buffer: await shot(voice, settings),
      at: step * SIXTEENTH,
      level,
    })),
  );
  return layer(seconds, sounds);
}
