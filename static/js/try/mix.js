// Mix: find the record. Four faders and a bell on the keys against a hidden mix; both are heard at one loudness.

import { chain, FADE, fromDb, loop, ramp, switcher } from "../labs/engine.js";
import { foresight } from "../labs/foresight.js";
import { handles } from "../labs/handles.js";
import { line } from "../labs/panel.js";
import { loopOf } from "../labs/sounds.js";
import { band, bellShare, faderError, mixScore } from "./score.js";
import { hiddenMix } from "./seeds.js";

const TRACKS = ["drums", "bass", "keys", "lead"];
const [BASS, BELLED] = [TRACKS.indexOf("bass"), TRACKS.indexOf("keys")];
const GLIDE = 2; // seconds

const signed = (value) => `${value > 0 ? "+" : ""}${value}`.replace("-", "−");
const inDb = (db) => `${signed(Number(db.toFixed(1)))} dB`;
const inHz = (hz) => (hz < 1000 ? `${Math.round(hz)} Hz` : `${(hz / 1000).toFixed(1)} kHz`);

// The drawing: faders from x = 20 on, the bell from 160 to 310.
const LOW = 125;
const hzOf = (raw) => LOW * 2 ** (raw / 12);
const atHz = (hz) => 160 + 25 * Math.log2(hz / LOW);
const atFader = (db) => 20 + (6 - db) * 4.25;
const atGain = (db) => 71 - 4 * db;
const atTrack = (i) => [20, 134, 58, 96][i]; // the bass is the last, as it may not be asked for
const fadersPath = (faders, asked) =>
  asked.map((i) => `M${atTrack(i) - 13} ${atFader(faders[i]).toFixed(1)}h26`).join("");

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

function grips(mine, all, asked) {
  const faders = asked.map((i) => ({
    at: () => [atTrack(i), atFader(mine.faders[i])],
    to: (_, y) => all[TRACKS[i]].set(Math.round(2 * (6 - (y - 20) / 4.25)) / 2),
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

/** The faders that are asked for. */
const only = ({ faders, bell }, asked) => ({ faders: asked.map((i) => faders[i]), bell });

/** How much higher these faders are than the right ones on average: that is only the volume. */
const common = (mine, goal, asked) => asked.reduce((sum, i) => sum + mine.faders[i] - goal.faders[i], 0) / asked.length;

/** The right faders, as high as mine. */
function beside(mine, goal, asked) {
  const by = common(mine, goal, asked);
  return { ...goal, faders: goal.faders.map((db) => db + by) };
}

function told(mine, goal) {
  const says = ({ frequency, gain }) => `${inHz(frequency)}, ${inDb(gain)}`;
  const octaves = Math.abs(Math.log2(mine.bell.frequency / goal.bell.frequency)).toFixed(1);
  const found = bellShare(mine.bell, goal.bell) === 1 ? "That is as good as found." : `${octaves} octaves lie between.`;
  return [
    `Your faders are ${faderError(mine.faders, goal.faders).toFixed(1)} dB off on average. Two or less is hard to hear.`,
    `The bell of the record is at ${says(goal.bell)}; yours is at ${says(mine.bell)}. ${found}`,
    "The dashed line is the record. The sound has gone from your mix to it; switch to hear either again.",
  ];
}

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** From one mix to another, step by step. */
function glide(from, to, apply) {
  const began = performance.now();
  const ease = (a, b, share) => a + share * (b - a);
  const step = () => {
    const share = still.matches ? 1 : Math.min(1, (performance.now() - began) / (1000 * GLIDE));
    const bell = {
      frequency: from.bell.frequency * (to.bell.frequency / from.bell.frequency) ** share,
      gain: ease(from.bell.gain, to.bell.gain, share),
    };
    apply({ faders: from.faders.map((db, i) => ease(db, to.faders[i], share)), bell }, share === 1);
    if (share < 1) setTimeout(step, 40);
  };
  step();
}

class Room {
  mine = { faders: TRACKS.map(() => -6), bell: { frequency: 1000, gain: 0 } };

  constructor({ panel, player, play, seed, small }) {
    Object.assign(this, { panel, player, play, goal: hiddenMix(seed, small) });
    // A small loudspeaker has no bass, so there it is as loud as in the record.
    this.asked = TRACKS.flatMap((_, i) => (small && i === BASS ? [] : [i]));
    this.hear = panel.choice("hear", () => this.choose());
    const all = controls(panel, this.mine, () => this.changed());
    handles(panel.part("faders").ownerSVGElement, grips(this.mine, all, this.asked));
  }

  choose() {
    this.live?.choose(this.hear.value === "record" ? 1 : 0);
  }

  /** The mix on the desk; what is not asked for goes along. */
  get mix() {
    const { faders } = beside(this.mine, this.goal, this.asked);
    return { ...this.mine, faders: faders.map((db, i) => (this.asked.includes(i) ? this.mine.faders[i] : db)) };
  }

  path({ faders, bell }) {
    return [fadersPath(faders, this.asked), bellPath(bell)];
  }

  changed() {
    if (this.over) return;
    const [faders, bell] = this.path(this.mine);
    this.panel.draw("faders", faders);
    this.panel.draw("bell", bell);
    this.live?.desk.set(this.mix);
  }

  get ready() {
    return async () => {
      const loops = await Promise.all(TRACKS.map(loopOf));
      const gainOf = levels(loops[BELLED]);
      return (context) => {
        const sources = loops.map((buffer) => loop(context, buffer));
        const desk = new Desk(context, sources, this.mix, gainOf);
        const record = new Desk(context, sources, this.goal, gainOf);
        const heard = switcher(context, [desk.output, record.output]);
        this.live = { desk, ...heard };
        this.choose();
        return heard;
      };
    };
  }

  /** Your mix is heard going to the record; then the two can be compared. */
  finish() {
    this.over = true;
    const { mix, goal, asked } = this;
    this.hear.set("yours");
    if (!this.player.playing) this.play(this.ready);
    glide(mix, beside(mix, goal, asked), (now, there) => {
      this.panel.draw("goal", this.path(now).join(""));
      this.live?.desk.set(now);
      if (!there) return;
      this.hear.set("record");
      setTimeout(() => this.live?.desk.set(mix), 1000 * FADE * 4); // once it has faded out
    });
    const [given, right] = [mix, goal].map((one) => only(one, asked));
    return { lines: told(given, right), band: band(mixScore(given, right)) };
  }
}

export function mount(given) {
  const room = new Room(given);
  return { ready: room.ready, finish: () => room.finish() };
}

export { levels };
