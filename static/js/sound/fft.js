// How much of each frequency is in a piece of sound.

const tables = new Map();

/** The window and the turns of a transform of so many samples, made once. */
function tablesOf(n) {
  if (!tables.has(n)) {
    const turn = (i) => (2 * Math.PI * i) / n;
    tables.set(n, {
      window: Float32Array.from({ length: n }, (_, i) => 0.5 - 0.5 * Math.cos(turn(i))),
      cos: Float32Array.from({ length: n / 2 }, (_, i) => Math.cos(turn(i))),
      sin: Float32Array.from({ length: n / 2 }, (_, i) => -Math.sin(turn(i))),
    });
  }
  return tables.get(n);
}

/** A fast Fourier transform, in place; the bins come in the order of their bits read backwards. */
function transform(re, im, { cos, sin }) {
  const n = re.length;
  for (let half = n / 2; half >= 1; half /= 2) {
    for (let from = 0; from < n; from += 2 * half) {
      for (let k = 0, turn = 0; k < half; k++, turn += n / 2 / half) {
        const [a, b] = [from + k, from + k + half];
        const [x, y] = [re[a] - re[b], im[a] - im[b]];
        re[a] += re[b];
        im[a] += im[b];
        re[b] = x * cos[turn] - y * sin[turn];
        im[b] = x * sin[turn] + y * cos[turn];
      }
    }
  }
}

function backwards(i, n) {
  let at = 0;
  for (let bit = 1, back = n >> 1; bit < n; bit <<= 1, back >>= 1) if (i & bit) at |= back;
  return at;
}

/** The powers of half the bins of a windowed piece, of two channels together: both fit into one transform. */
export function powerSpectrum(left, right = new Float32Array(left.length)) {
  const n = left.length;
  const all = tablesOf(n);
  const [re, im] = [left, right].map((samples) => samples.map((x, i) => x * all.window[i]));
  transform(re, im, all);
  const power = (bin) => {
    const at = backwards(bin % n, n);
    return re[at] ** 2 + im[at] ** 2;
  };
  return Float32Array.from({ length: n / 2 }, (_, bin) => (power(bin) + power(n - bin)) / 2);
}
