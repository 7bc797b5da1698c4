/**
 * Undoing deflate, as PNG pictures are packed. The browser's own way answers later, and a mask is asked for at once,
 * while the scene is being drawn.
 */

const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
];
const LENGTH_BASE = [...LENGTHS, 163, 195, 227, 258];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];
/** The order in which the lengths of the codes' own code are written. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const lengthBits = (code: number): number => (code < 8 || code === 28 ? 0 : (code >> 2) - 1);
const distanceBits = (code: number): number => (code < 4 ? 0 : (code >> 1) - 1);

/** Codes by length: how many there are of each, and their symbols in order. */
interface Tree {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function treeOf(lengths: ArrayLike<number>): Tree {
  const counts = new Uint16Array(16);
  for (let i = 0; i < lengths.length; i += 1)
    counts[lengths[i] as number] = (counts[lengths[i] as number] ?? 0) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(17);
  for (let bits = 1; bits < 16; bits += 1) offsets[bits + 1] = (offsets[bits] ?? 0) + (counts[bits] ?? 0);
  const symbols = new Uint16Array(lengths.length);
  for (let i = 0; i < lengths.length; i += 1) {
    const bits = lengths[i] as number;
    if (bits === 0) continue;
    symbols[offsets[bits] as number] = i;
    offsets[bits] = (offsets[bits] ?? 0) + 1;
  }
  return { counts, symbols };
}

const fixedLengths = Uint8Array.from({ length: 288 }, (_, i) =>
  i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8,
);
const FIXED = { literals: treeOf(fixedLengths), distances: treeOf(new Uint8Array(30).fill(5)) };

class Bits {
  private at = 0;
  private held = 0;
  private count = 0;

  constructor(private readonly bytes: Uint8Array) {}

  read(bits: number): number {
    while (this.count < bits) {
      if (this.at >= this.bytes.length) throw new Error("the data ends too early");
      this.held |= (this.bytes[this.at++] as number) << this.count;
      this.count += 8;
    }
    const value = this.held & ((1 << bits) - 1);
    this.held >>>= bits;
    this.count -= bits;
    return value;
  }

  symbol({ counts, symbols }: Tree): number {
    let [code, first, index] = [0, 0, 0];
    for (let bits = 1; bits < 16; bits += 1) {
      code |= this.read(1);
      const count = counts[bits] as number;
      if (code - count < first) return symbols[index + code - first] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Error("no such code");
  }

  /** Gives the bytes of a stored block, which begin at the next whole byte. */
  stored(): Uint8Array {
    this.held = 0;
    this.count = 0;
    const length = (this.bytes[this.at] ?? 0) | ((this.bytes[this.at + 1] ?? 0) << 8);
    const from = this.at + 4;
    this.at = from + length;
    if (this.at > this.bytes.length) throw new Error("the data ends too early");
    return this.bytes.subarray(from, this.at);
  }
}

function dynamicTrees(bits: Bits): { literals: Tree; distances: Tree } {
  const [literals, distances, own] = [bits.read(5) + 257, bits.read(5) + 1, bits.read(4) + 4];
  const ownLengths = new Uint8Array(19);
  for (let i = 0; i < own; i += 1) ownLengths[ORDER[i] as number] = bits.read(3);
  const tree = treeOf(ownLengths);
  const lengths = new Uint8Array(literals + distances);
  for (let at = 0; at < lengths.length; ) {
    const symbol = bits.symbol(tree);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    const again = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
    const times = symbol === 16 ? 3 + bits.read(2) : symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7);
    lengths.fill(again, at, at + times);
    at += times;
  }
  return { literals: treeOf(lengths.subarray(0, literals)), distances: treeOf(lengths.subarray(literals)) };
}

/** Gives the `size` bytes that were packed (zlib's two bytes before, its sum behind). Throws for what is none. */
export function inflate(packed: Uint8Array, size: number): Uint8Array {
  if (((packed[0] ?? 0) & 15) !== 8) throw new Error("not deflated");
  const bits = new Bits(packed.subarray(2));
  const out = new Uint8Array(size);
  let at = 0;
  for (let last = false; !last; ) {
    last = bits.read(1) === 1;
    const kind = bits.read(2);
    if (kind === 3) throw new Error("no such block");
    if (kind === 0) {
      const block = bits.stored();
      out.set(block.subarray(0, size - at), at);
      at += block.length;
    } else at = unpack(bits, kind === 1 ? FIXED : dynamicTrees(bits), out, at);
  }
  return out;
}

function unpack(
  bits: Bits,
  trees: { literals: Tree; distances: Tree },
  out: Uint8Array,
  from: number,
): number {
  let at = from;
  for (;;) {
    const symbol = bits.symbol(trees.literals);
    if (symbol === 256) return at;
    if (at >= out.length) throw new Error("more data than there should be");
    if (symbol < 256) {
      out[at++] = symbol;
      continue;
    }
    const code = symbol - 257;
    const length = (LENGTH_BASE[code] as number) + bits.read(lengthBits(code));
    const far = bits.symbol(trees.distances);
    const distance = (DISTANCE_BASE[far] as number) + bits.read(distanceBits(far));
    if (distance > at) throw new Error("nothing that far back");
    const end = Math.min(at + length, out.length);
    if (distance === 1) out.fill(out[at - 1] as number, at, end);
    else for (let i = at; i < end; i += 1) out[i] = out[i - distance] as number;
    at = end;
  }
}
