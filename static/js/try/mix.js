// Mix: find the record. Four faders and a bell on the keys against a hidden mix; both are heard at one loudness.

import { chain, fromDb, loop, ramp, switcher } from "../labs/engine.js";
import { foresight } from "../labs/foresight.js";
import { handles } from "../labs/handles.js";
import { line } from "../labs/panel.js";
import { loopOf } from "../labs/sounds.js";
import { band, bellShare, faderError, mixScore } from "./score.js";
import { hiddenMix } from "./seeds.js";

const TRACKS = ["drums", "bass", "keys", "lead"];
const BELLED = TRACKS.indexOf("keys");
const GLIDE = 2; // seconds

const signed = (value) => `${value > 0 ? "+" : ""}${value}`.replace("-", "−");
const inDb = (db) => `${signed(Number(db.toFixed(1)))} dB`;
const inHz = (hz) => (hz < 1000 ? `${Math.round(hz)} Hz` : `${(hz / 1000).toFixed(1)} kHz`);

// The drawing: faders from x = 24 on, the bell from 160 to 310.
const LOW = 125;
const hzOf = (raw) => LOW * 2 ** (raw / 12);
const atHz = (hz) => 160 + 25 * Math.log2(hz / LOW);
const atFader = (db) => 20 + (6 - db) * 4.25;
const atGain = (db) => 71 - 4 * db;
const fadersPath = (faders) => faders.map((db, i) => `M${12 + 34 * i} ${atFader(db).toFixed(1)}h24`).join("");

/** A bell an octave wide, as a curve to draw. */
function bellPath({ frequency, gain }) {
  const points = Array.from({ length: 61 }, (_, i) => {
    const octaves = i / 10 - Math.log2(frequency / LOW);
    return [160 + 2.5 * i, atGain(gain / (1 + (2 * octaves) ** 2))];
  });
  return line(points);
}

const bell = (context, { frequency, gain }) =>
  new BiquadFilterNode(context, { type: "peaking", frequency, gain, Q: 1.41 });

/** Makes a mix of running loops, with a gain that keeps it as loud as any other. */
class Desk {
  constructor(context, sources, mix, gainOf) {
    this.context = context;
    this.gainOf = gainOf;
    this.output = new GainNode(context);
    this.bell = bell(context, mix.bell);
    this.faders = mix.faders.map((db) => new GainNode(context, { gain: fromDb(db) }));
    for (const [i, source] of sources.entries()) {
      chain(source, ...(i === BELLED ? [this.bell] : []), this.faders[i], this.output);
    }
    this.output.gain.value = gainOf(mix);
  }

  set(mix) {
    const to = (param, value) => ramp(this.context, param, value);
    for (const [i, db] of mix.faders.entries()) to(this.faders[i].gain, fromDb(db));
    to(this.bell.frequency, mix.bell.frequency);
    to(this.bell.gain, mix.bell.gain);
    to(this.output.gain, this.gainOf(mix));
  }
}

/** The gain that brings a mix back to the loudness of one loop. Every loop has the same, so powers add up by their faders. */
function levels(keys) {
  let wanted;
  const lost = foresight((context) => bell(context, wanted)); // kept: it makes a context
  return (mix) => {
    wanted = mix.bell;
    const back = lost(keys);
    const power = mix.faders.reduce((sum, db, i) => sum + (fromDb(db) / (i === BELLED ? back : 1)) ** 2, 0);
    return 1 / Math.sqrt(power);
  };
}

function controls(panel, mine, changed) {
  const all = Object.fromEntries(
    TRACKS.map((name, i) => [
      name,
      panel.slider(name, { text: inDb }, (db) => {
        mine.faders[i] = db;
        changed();
      }),
    ]),
  );
  const set = (key) => (value) => {
    mine.bell[key] = value;
    changed();
  };
  all.frequency = panel.slider("frequency", { real: hzOf, text: inHz }, set("frequency"));
  all.gain = panel.slider("gain", { text: inDb }, set("gain"));
  return all;
}

function grips(mine, all) {
  const faders = TRACKS.map((name, i) => ({
    at: () => [24 + 34 * i, atFader(mine.faders[i])],
    to: (_, y) => all[name].set(Math.round(2 * (6 - (y - 20) / 4.25)) / 2),
  }));
  const top = {
    at: () => [atHz(mine.bell.frequency), atGain(mine.bell.gain)],
    to(x, y) {
      all.frequency.set(Math.round((12 * (x - 160)) / 25));
      all.gain.set(Math.round((71 - y) / 2) / 2);
    },
  };
  return [...faders, top];
}

function told(mine, goal) {
  const says = ({ frequency, gain }) => `${inHz(frequency)}, ${inDb(gain)}`;
  const octaves = Math.abs(Math.log2(mine.bell.frequency / goal.bell.frequency)).toFixed(1);
  const found = bellShare(mine.bell, goal.bell) === 1 ? "That is as good as found." : `${octaves} octaves lie between.`;
  return [
    `Your faders are ${faderError(mine.faders, goal.faders).toFixed(1)} dB off on average. Two or less is hard to hear.`,
    `The bell of the record is at ${says(goal.bell)}; yours is at ${says(mine.bell)}. ${found}`,
    "The second line in the drawing is the record. What plays now goes from your mix to it.",
  ];
}

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** From one mix to another, step by step. */
function glide(from, to, apply) {
  const began = performance.now();
  const ease = (a, b, share) => a + share * (b - a);
  const step = () => {
    const share = still.matches ? 1 : Math.min(1, (performance.now() - began) / (1000 * GLIDE));
    const common = (to.faders.reduce((a, b) => a + b) - from.faders.reduce((a, b) => a + b)) / TRACKS.length;
    apply({
      // The volume that all faders have in common is nobody's mistake, so it does not move.
      faders: from.faders.map((db, i) => ease(db, to.faders[i] - common, share)),
      bell: {
        frequency: from.bell.frequency * (to.bell.frequency / from.bell.frequency) ** share,
        gain: ease(from.bell.gain, to.bell.gain, share),
      },
    });
    if (share < 1) setTimeout(step, 40);
  };
  step();
}

export function mount({ panel, player, seed, play }) {
  const goal = hiddenMix(seed);
  const mine = { faders: TRACKS.map(() => -6), bell: { frequency: 1000, gain: 0 } };
  let live;
  let over = false;
  const draw = (mix) => {
    panel.draw("faders", fadersPath(mix.faders));
    panel.draw("bell", bellPath(mix.bell));
  };
  const changed = () => {
    if (over) return;
    draw(mine);
    live?.desk.set(mine);
  };
  const hear = panel.choice("hear", (name) => live?.choose(name === "record" ? 1 : 0));
  const all = controls(panel, mine, changed);
  handles(panel.part("faders").ownerSVGElement, grips(mine, all));
  async function ready() {
    const loops = await Promise.all(TRACKS.map(loopOf));
    const gainOf = levels(loops[BELLED]);
    return (context) => {
      const sources = loops.map((buffer) => loop(context, buffer));
      const desk = new Desk(context, sources, mine, gainOf);
      const record = new Desk(context, sources, goal, gainOf);
      const heard = switcher(context, [desk.output, record.output], hear.value === "record" ? 1 : 0);
      live = { desk, ...heard };
      return heard;
    };
  }
  function finish() {
    over = true;
    const given = structuredClone(mine);
    const common = given.faders.reduce((sum, db, i) => sum + db - goal.faders[i], 0) / TRACKS.length;
    const shown = { ...goal, faders: goal.faders.map((db) => db + common) };
    panel.draw("goal", fadersPath(shown.faders) + bellPath(shown.bell));
    hear.set("yours");
    if (!player.playing) play(ready);
    glide(given, goal, (mix) => {
      draw(mix);
      live?.desk.set(mix);
    });
    return { lines: told(given, goal), band: band(mixScore(given, goal)) };
  }
  return { ready, finish };
}

export { levels };
