// A QR code of a short text, after ISO/IEC 18004: byte mode, error correction L, versions 1 to 9.

// By version: data bytes of a block, correction bytes of a block, blocks. Up to version 9 the blocks of level L are all
// equally long and the length is one byte, which is why it ends there.
const VERSIONS = [
  [19, 7, 1],
  [34, 10, 1],
  [55, 15, 1],
  [80, 20, 1],
  [108, 26, 1],
  [68, 18, 2],
  [78, 20, 2],
  [97, 24, 2],
  [116, 30, 2],
];
const LEVEL_L = 0b01;
const QUIET = 4;

const MASKS = [
  (x, y) => (x + y) % 2,
  (_, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

// The dark modules, as rows of booleans, without the quiet zone.
export function qr(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = 1 + VERSIONS.findIndex(([data, , blocks]) => bytes.length <= data * blocks - 2);
  if (!version) throw new RangeError("The text is too long for this QR code.");
  const bits = codewords(bytes, ...VERSIONS[version - 1]).flatMap((byte) => bitsOf(byte, 8).reverse());
  const frame = functionPatterns(version);
  const free = freeModules(frame);
  let best;
  let least = Infinity;
  for (const [number, mask] of MASKS.entries()) {
    const symbol = frame.map((row) => [...row]);
    drawFormat(symbol, number);
    free.forEach(([x, y], i) => {
      symbol[y][x] = Boolean(bits[i]) !== (mask(x, y) === 0);
    });
    const points = penalty(symbol);
    if (points < least) [best, least] = [symbol, points];
  }
  return best;
}

// On a canvas, black on white with its quiet zone: what recolours a page, such as a dark-mode extension, leaves pixels alone.
export function draw(canvas, text) {
  const rows = qr(text);
  const size = rows.length + 2 * QUIET;
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, size, size);
  pen.fillStyle = "#000";
  for (const [y, row] of rows.entries()) {
    for (const [x, dark] of row.entries()) {
      if (dark) pen.fillRect(x + QUIET, y + QUIET, 1, 1);
    }
  }
}

// From the least significant bit on.
const bitsOf = (value, count) => Array.from({ length: count }, (_, i) => (value >> i) & 1);

function codewords(bytes, length, corrections, count) {
  // Mode 4, the length in a byte, the bytes, an end of four zeros: all of it lies half a byte askew.
  const stream = [4, bytes.length >> 4, bytes.length & 15, ...bytes.flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const data = [];
  for (let i = 0; i < stream.length; i += 2) data.push((stream[i] << 4) | stream[i + 1]);
  for (let pad = 0xec; data.length < length * count; pad ^= 0xec ^ 0x11) data.push(pad);
  const blocks = Array.from({ length: count }, (_, i) => data.slice(i * length, (i + 1) * length));
  return [...interleave(blocks), ...interleave(blocks.map((block) => correction(block, corrections)))];
}

const interleave = (blocks) => blocks[0].flatMap((_, i) => blocks.map((block) => block[i]));

// Reed and Solomon: the remainder of the division by (x - 1)(x - 2)(x - 4)… over GF(256).
function correction(data, count) {
  let generator = [1];
  for (let i = 0, root = 1; i < count; i++, root = times(root, 2)) {
    generator = [...generator, 0].map((factor, k) => factor ^ times(generator[k - 1] ?? 0, root));
  }
  const rest = [...data, ...Array(count).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const lead = rest[i];
    generator.forEach((factor, k) => {
      rest[i + k] ^= times(factor, lead);
    });
  }
  return rest.slice(data.length);
}

function times(a, b) {
  let product = 0;
  for (; b; b >>= 1) {
    if (b & 1) product ^= a;
    a = (a << 1) ^ ((a >> 7) * 0x11d);
  }
  return product;
}

// All that does not depend on the text or the mask; undefined where a bit of the text goes.
function functionPatterns(version) {
  const size = 17 + 4 * version;
  const rows = Array.from({ length: size }, () => Array(size).fill(undefined));
  const square = (cx, cy, radius, light) => {
    for (let y = cy - radius; y <= cy + radius; y++) {
      for (let x = cx - radius; x <= cx + radius; x++) {
        if (x in rows && y in rows) rows[y][x] = !light.includes(Math.max(Math.abs(x - cx), Math.abs(y - cy)));
      }
    }
  };
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ])
    square(x, y, 4, [2, 4]);
  const far = size - 7;
  const centres = version === 1 ? [] : version < 7 ? [6, far] : [6, (6 + far) / 2, far];
  for (const y of centres) for (const x of centres) if (rows[y][x] === undefined) square(x, y, 2, [1]);
  for (let i = 8; i < size - 8; i++) rows[6][i] = rows[i][6] = i % 2 === 0;
  drawFormat(rows, 0); // holds the place
  if (version >= 7) {
    bitsOf(withCheck(version, 0x1f25, 12), 18).forEach((bit, i) => {
      const [near, away] = [Math.floor(i / 3), size - 11 + (i % 3)];
      rows[near][away] = rows[away][near] = bit === 1;
    });
  }
  return rows;
}

function drawFormat(rows, mask) {
  const size = rows.length;
  bitsOf(withCheck((LEVEL_L << 3) | mask, 0x537, 10) ^ 0x5412, 15).forEach((bit, i) => {
    const dark = bit === 1;
    // Twice: round the corner at the top left, and shared between the other two.
    if (i < 8) rows[i + (i > 5)][8] = rows[8][size - 1 - i] = dark;
    else rows[8][14 - i + (i === 8)] = rows[size - 15 + i][8] = dark;
  });
  rows[size - 8][8] = true;
}

// The value followed by its BCH check bits.
function withCheck(value, generator, count) {
  let rest = value << count;
  while (rest >> count) rest ^= generator << (Math.clz32(generator) - Math.clz32(rest));
  return (value << count) | rest;
}

// The modules for the text, in reading order: two columns at a time from the right, up and down in turn, past column 6.
function freeModules(frame) {
  const size = frame.length;
  const found = [];
  let up = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      const y = up ? size - 1 - i : i;
      for (const x of [right, right - 1]) if (frame[y][x] === undefined) found.push([x, y]);
    }
    up = !up;
  }
  return found;
}

function penalty(rows) {
  const size = rows.length;
  const lines = rows.map((row) => row.map(Number).join(""));
  const columns = rows.map((_, x) => lines.map((line) => line[x]).join(""));
  let points = 0;
  for (const line of [...lines, ...columns]) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2;
    const wide = `0000${line}0000`;
    for (let i = wide.indexOf("1011101"); i >= 0; i = wide.indexOf("1011101", i + 1)) {
      if (wide.startsWith("0000", i - 4) || wide.startsWith("0000", i + 7)) points += 40;
    }
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const here = lines[y][x];
      if (here === lines[y][x - 1] && here === lines[y - 1][x] && here === lines[y - 1][x - 1]) points += 3;
    }
  }
  const dark = rows.flat().filter(Boolean).length;
  return points + 10 * Math.floor(Math.abs((100 * dark) / size ** 2 - 50) / 5);
}
