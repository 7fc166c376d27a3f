// How much of each frequency is in a piece of sound.

/** The powers of half the bins of a windowed piece: a fast Fourier transform, in place and in order of halves. */
export function powerSpectrum(samples) {
  const n = samples.length;
  const re = Float32Array.from(samples, (x, i) => x * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n)));
  const im = new Float32Array(n);
  for (let half = n / 2; half >= 1; half /= 2) {
    for (let k = 0; k < half; k++) {
      const [cos, sin] = [Math.cos((Math.PI * k) / half), -Math.sin((Math.PI * k) / half)];
      for (let a = k; a < n; a += 2 * half) {
        const b = a + half;
        const [x, y] = [re[a] - re[b], im[a] - im[b]];
        re[a] += re[b];
        im[a] += im[b];
        re[b] = x * cos - y * sin;
        im[b] = x * sin + y * cos;
      }
    }
  }
  const bits = Math.log2(n);
  return Float32Array.from({ length: n / 2 }, (_, i) => {
    let at = 0;
    for (let bit = 0; bit < bits; bit++) at |= ((i >> bit) & 1) << (bits - 1 - bit);
    return re[at] ** 2 + im[at] ** 2;
  });
}
