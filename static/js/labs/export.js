// Files for other programs: 24-bit WAV and standard MIDI.

const TICKS = 480; // of a quarter note in the MIDI files
const HEADER = 44;

/** The bytes of a 24-bit WAV file of an AudioBuffer. */
export function wav(buffer) {
  const { length, numberOfChannels: count, sampleRate } = buffer;
  const bytes = new DataView(new ArrayBuffer(HEADER + 3 * count * length));
  const text = (at, word) =>
    letters(word).forEach((code, i) => {
      bytes.setUint8(at + i, code);
    });
  const number = (at, size, value) => {
    for (let i = 0; i < size; i++) bytes.setUint8(at + i, value >> (8 * i));
  };
  text(0, "RIFF");
  number(4, 4, bytes.byteLength - 8);
  text(8, "WAVEfmt ");
  number(16, 4, 16);
  number(20, 2, 1); // PCM
  number(22, 2, count);
  number(24, 4, sampleRate);
  number(28, 4, 3 * count * sampleRate);
  number(32, 2, 3 * count);
  number(34, 2, 24);
  text(36, "data");
  number(40, 4, 3 * count * length);
  for (let channel = 0; channel < count; channel++) {
    const samples = buffer.getChannelData(channel);
    for (let i = 0; i < length; i++) {
      const sample = Math.max(-1, Math.min(1, samples[i]));
      number(HEADER + 3 * (i * count + channel), 3, Math.round(sample * 0x7fffff));
    }
  }
  return bytes.buffer;
}

/** A number as MIDI writes those of any size: seven bits a byte. */
function variable(number) {
  const bytes = [number & 0x7f];
  for (let rest = number >> 7; rest; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

const big = (number, size) => Array.from({ length: size }, (_, i) => (number >> (8 * (size - 1 - i))) & 0xff);
const letters = (text) => [...text].map((letter) => letter.charCodeAt(0));
const chunk = (name, bytes) => [...letters(name), ...big(bytes.length, 4), ...bytes];

/** Events as [tick, ...bytes], in order, with the time from one to the next. */
function track(events) {
  let now = 0;
  const bytes = events.flatMap(([tick, ...message]) => {
    const wait = variable(tick - now);
    now = tick;
    return [...wait, ...message];
  });
  return chunk("MTrk", [...bytes, 0, 0xff, 0x2f, 0]);
}

/**
 * The bytes of a MIDI file. `tracks`: [{ name, channel, notes: [{ at, length, note, velocity }] }] with `at` and
 * `length` in quarter notes and `velocity` from 0 to 1; channel 9 is that of drums.
 */
export function midi({ tempo: bpm, tracks }) {
  const speed = [[0, 0xff, 0x51, 3, ...big(Math.round(60e6 / bpm), 3)]];
  const played = tracks.map(({ name, channel, notes }) => {
    const events = notes.flatMap(({ at, length, note, velocity = 0.8 }) => [
      [Math.round(TICKS * at), 0x90 | channel, note, Math.max(1, Math.round(127 * Math.min(1, velocity)))],
      [Math.round(TICKS * (at + length)), 0x80 | channel, note, 0],
    ]);
    events.sort((one, other) => one[0] - other[0] || one[1] - other[1]); // notes end before others begin
    return track([[0, 0xff, 3, name.length, ...letters(name)], ...events]);
  });
  const head = chunk("MThd", [...big(1, 2), ...big(tracks.length + 1, 2), ...big(TICKS, 2)]);
  return new Uint8Array([...head, ...track(speed), ...played.flat()]);
}
