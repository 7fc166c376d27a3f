// The rest of the kit: hands, cymbal and toms, made as the drums are.

import { blend, falling, METAL, metal } from "./drums.js";
import { closing, down, ended, fall, filter, hz, near, panned, RATE, random, shape, soft, white } from "./dsp.js";

/** Four hands, one after the other. */
export function clap({ velocity = 1, seed = 0, tail = 0.3, level = 1 } = {}) {
  const next = random(seed + 37);
  const sides = [0, 1].map(() => {
    const hands = [0, 0.0095, 0.0205, 0.0295].map((at) => at * near(next, 0.12));
    const noise = shape(white(tail + 0.12, next), (t) => {
      let sum = 0;
      for (let i = 0; i < 4 && t >= hands[i]; i++) {
        const age = t - hands[i];
        sum += i < 3 ? fall(age, 0.028) : 0.8 * fall(age, 0.05) + 0.35 * fall(age, tail);
      }
      return 0.3 * level * velocity * sum;
    });
    filter(filter(filter(noise, "highpass", 620), "bell", 1150, 1.1, 11), "bell", 2600, 1, 4);
    return filter(noise, "lowpass", 5000 + 8000 * velocity);
  });
  return blend(sides, 0.2);
}

const CYMBAL = [...METAL, 317.2, 413.9, 634.1, 711.7, 893.3, 1042.6];

export function crash({ velocity = 1, seed = 0, seconds = 2.4, level = 1 } = {}) {
  const next = random(seed + 53);
  const sides = [0, 1].map(() => {
    const samples = metal(seconds, next, 1.31 * near(next, 0.02), CYMBAL);
    const noise = white(seconds, next);
    for (let i = 0; i < samples.length; i++) samples[i] = 0.16 * samples[i] + 0.35 * noise[i] * fall(i / RATE, 1.2);
    filter(filter(samples, "highpass", 2800), "bell", 5200, 0.6, 4);
    closing(samples, (t) => 4200 + 12000 * down(t / 0.6));
    return shape(samples, (t) => 0.25 * level * velocity * Math.min(1, t / 0.002) * (fall(t, 0.5) + fall(t, seconds)));
  });
  return ended(blend(sides, 0.2), 0.05);
}

export function tom({ note = 45, velocity = 1, seed = 0, pan = 0, level = 1 } = {}) {
  const next = random(seed + 61);
  const low = hz(note) * near(next, 0.005);
  const bends = [
    [0.5, 0.05],
    [1.2, 0.006],
  ];
  const body = falling(0.6, low, bends, (t) => Math.min(1, t / 0.0008) * fall(t, 0.55));
  const over = falling(0.6, 1.59 * low, [[0.3, 0.03]], (t) => 0.35 * fall(t, 0.22));
  const skin = shape(filter(white(0.6, next), "bandpass", 1900, 0.6), (t) => 0.5 * velocity * fall(t, 0.06));
  for (let i = 0; i < body.length; i++) body[i] = soft(1.5 * (body[i] + over[i] + skin[i]));
  return ended(panned(body, pan, 0.6 * level * velocity));
}
