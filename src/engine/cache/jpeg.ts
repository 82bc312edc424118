/**
 * Baseline JPEG (ITU-T T.81), 4:2:0, with the standard's tables for luma (K.1, K.3, K.5) for all three components. The
 * tables are made once: the package for this makes its own anew for every picture, which costs thirty times the picture.
 */

/** Codes by symbol: their bits, and how many. */
interface Codes {
  bits: Uint16Array;
  lengths: Uint8Array;
}

interface HuffmanTable {
  /** Number of codes of each length from 1 to 16. */
  counts: readonly number[];
  /** In the order of their codes. */
  symbols: Buffer;
}

const BLOCK = 8;
const SIZE = BLOCK * BLOCK;
// prettier-ignore
const ZIGZAG = Uint8Array.of(
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
);
/** At quality 50. */
// prettier-ignore
const STEPS = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87,
  80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92,
  95, 98, 112, 100, 103, 99,
];
const DC: HuffmanTable = {
  counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
  symbols: Buffer.from(Array.from({ length: 12 }, (_, i) => i)),
};
const AC: HuffmanTable = {
  counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
  symbols: Buffer.from(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a34353637' +
      '38393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3' +
      'a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    'hex',
  ),
};
const [END_OF_BLOCK, SIXTEEN_ZEROS] = [0x00, 0xf0];
const [DC_CODES, AC_CODES] = [codesOf(DC), codesOf(AC)];
/** The cosine transform's matrix, row by frequency. */
const COSINES = Float32Array.from({ length: SIZE }, (_, i) => {
  const [u, x] = [i >> 3, i & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

/**
 * @param rgb three bytes per pixel
 * @param quality 1..100, as the IJG's library counts it
 */
export function encodeJpeg(rgb: Uint8Array, width: number, height: number, quality: number): Buffer {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const steps = STEPS.map((step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))));
  const scan = new Scan(steps, width * height * 3);
  const planes = planesOf(rgb, width, height);
  const [across, down] = [Math.ceil(width / 16), Math.ceil(height / 16)];
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      const [Y, cb, cr] = planes;
      for (const [dx, dy] of QUARTERS) scan.block(Y, 2 * x + dx, 2 * y + dy, 0);
      scan.block(cb, x, y, 1);
      scan.block(cr, x, y, 2);
    }
  return Buffer.concat([headerOf(steps, width, height), scan.end(), Buffer.of(0xff, 0xd9)]);
}

const QUARTERS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

interface Plane {
  /** Samples about nought, whole blocks. */
  samples: Float32Array;
  width: number;
}

/** Luma, and both chromas at half the size; what lies beyond the edge repeats the edge. */
function planesOf(rgb: Uint8Array, width: number, height: number): [Plane, Plane, Plane] {
  const full = 16 * Math.ceil(width / 16);
  const rows = 16 * Math.ceil(height / 16);
  const half = full / 2;
  const [luma, cb, cr] = [full * rows, half * (rows / 2), half * (rows / 2)].map((n) => new Float32Array(n));
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < full; x++) {
      const at = 3 * (Math.min(y, height - 1) * width + Math.min(x, width - 1));
      const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
      luma![y * full + x] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
      const quarter = (y >> 1) * half + (x >> 1);
      cb![quarter]! += (-0.168736 * r - 0.331264 * g + 0.5 * b) / 4;
      cr![quarter]! += (0.5 * r - 0.418688 * g - 0.081312 * b) / 4;
    }
  return [
    { samples: luma!, width: full },
    { samples: cb!, width: half },
    { samples: cr!, width: half },
  ];
}

/** The entropy-coded data, block by block. */
class Scan {
  private out: Buffer;
  private at = 0;
  private pending = 0;
  private count = 0;
  /** DC of each component's block before. */
  private readonly before = [0, 0, 0];
  private readonly half = new Float32Array(SIZE);
  private readonly levels = new Int16Array(SIZE);

  constructor(
    private readonly steps: readonly number[],
    room: number,
  ) {
    this.out = Buffer.alloc(room + 4096);
  }

  /** The block at (x, y), in blocks. */
  block({ samples, width }: Plane, x: number, y: number, component: 0 | 1 | 2): void {
    this.transform(samples, width, y * BLOCK * width + x * BLOCK);
    const { levels } = this;
    this.code(DC_CODES, 0, levels[0]! - this.before[component]!);
    this.before[component] = levels[0]!;
    let zeros = 0;
    for (let k = 1; k < SIZE; k++) {
      const level = levels[k]!;
      if (level === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) this.code(AC_CODES, SIXTEEN_ZEROS, 0);
      this.code(AC_CODES, zeros << 4, level);
      zeros = 0;
    }
    if (zeros > 0) this.code(AC_CODES, END_OF_BLOCK, 0);
  }

  end(): Buffer {
    this.put(0x7f, 7);
    return this.out.subarray(0, this.at);
  }

  /** Levels of the block's frequencies, in zigzag order. */
  private transform(samples: Float32Array, width: number, from: number): void {
    const { half, levels, steps } = this;
    for (let y = 0; y < BLOCK; y++)
      for (let u = 0; u < BLOCK; u++) {
        let sum = 0;
        for (let x = 0; x < BLOCK; x++) sum += COSINES[u * BLOCK + x]! * samples[from + y * width + x]!;
        half[y * BLOCK + u] = sum;
      }
    for (let k = 0; k < SIZE; k++) {
      const [v, u] = [ZIGZAG[k]! >> 3, ZIGZAG[k]! & 7];
      let sum = 0;
      for (let y = 0; y < BLOCK; y++) sum += COSINES[v * BLOCK + y]! * half[y * BLOCK + u]!;
      levels[k] = Math.round(sum / steps[v * BLOCK + u]!);
    }
  }

  /** The symbol of a level (its length in bits, and what stands before it) and the level's own bits. */
  private code({ bits, lengths }: Codes, prefix: number, level: number): void {
    const size = 32 - Math.clz32(Math.abs(level));
    this.put(bits[prefix | size]!, lengths[prefix | size]!);
    if (size > 0) this.put((level < 0 ? level - 1 : level) & ((1 << size) - 1), size);
  }

  private put(bits: number, length: number): void {
    // At most 7 bits wait, and at most 16 come.
    this.pending = (this.pending << length) | bits;
    this.count += length;
    while (this.count >= 8) {
      this.count -= 8;
      const byte = (this.pending >> this.count) & 0xff;
      this.out[this.at++] = byte;
      if (byte === 0xff) this.out[this.at++] = 0;
    }
    this.pending &= 0xff;
  }
}

function codesOf({ counts, symbols }: HuffmanTable): Codes {
  const codes = { bits: new Uint16Array(256), lengths: new Uint8Array(256) };
  let code = 0;
  let next = 0;
  counts.forEach((count, i) => {
    for (let k = 0; k < count; k++) {
      const symbol = symbols[next++]!;
      codes.bits[symbol] = code++;
      codes.lengths[symbol] = i + 1;
    }
    code <<= 1;
  });
  return codes;
}

function headerOf(steps: readonly number[], width: number, height: number): Buffer {
  const word = (n: number) => [n >> 8, n & 0xff];
  const segment = (marker: number, bytes: readonly number[]) => [
    0xff,
    marker,
    ...word(bytes.length + 2),
    ...bytes,
  ];
  const table = (id: number, { counts, symbols }: HuffmanTable) => [id, ...counts, ...symbols];
  return Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, ...word(1), ...word(1), 0, 0]),
    ...segment(0xdb, [0, ...Array.from(ZIGZAG, (i) => steps[i]!)]),
    // Three components: id, sampling, quantisers.
    ...segment(0xc0, [8, ...word(height), ...word(width), 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]),
    ...segment(0xc4, [...table(0x00, DC), ...table(0x10, AC)]),
    ...segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
  ]);
}
