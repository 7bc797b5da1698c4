/**
 * Deflate for bytes that come in runs: every run is one byte, and copies of it.
 *
 * The code is one of our own, sent along. The fixed code takes 13 bits for 258 copies; ours takes two, as nearly all
 * of a mask is the longest copy of nothing: a mask on a photograph of 12 megapixels is 60 KB of text, not 400.
 */

const LENGTH_CODES: readonly (readonly [base: number, code: number, bits: number])[] = [
  ...Array.from({ length: 8 }, (_, i) => [i + 3, 257 + i, 0] as const),
  ...[11, 13, 15, 17].map((base, i) => [base, 265 + i, 1] as const),
  ...[19, 23, 27, 31].map((base, i) => [base, 269 + i, 2] as const),
  ...[35, 43, 51, 59].map((base, i) => [base, 273 + i, 3] as const),
  ...[67, 83, 99, 115].map((base, i) => [base, 277 + i, 4] as const),
  ...[131, 163, 195, 227].map((base, i) => [base, 281 + i, 5] as const),
  [258, 285, 0],
];
const LONGEST = 258;
const END = 256;

/** Bits of each byte, of the end, and of each length: few for what masks are made of, and none to spare. */
const BITS: readonly number[] = Array.from({ length: 286 }, (_, symbol) => {
  if (symbol === 285) return 1;
  if (symbol >= END) return 8;
  if (symbol === 0) return 3;
  if (symbol === 1 || symbol === 2 || symbol === 255) return 4;
  return symbol < 55 ? 11 : 12;
});
/** Bits of each number of bits, by which `BITS` is sent. */
const BITS_OF_BITS: readonly number[] = Array.from(
  { length: 19 },
  (_, bits) => ({ 12: 1, 11: 2, 8: 3, 4: 4, 3: 5, 1: 5 })[bits] ?? 0,
);
/** The order in which deflate wants those. */
const SENT_IN_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1];

/** Codes as deflate numbers them: shorter ones first, then in the order of what they stand for. */
function codesOf(lengths: readonly number[]): readonly number[] {
  const codes = new Array<number>(lengths.length).fill(0);
  let next = 0;
  for (let bits = 1; bits <= 15; bits += 1, next *= 2)
    for (const [symbol, length] of lengths.entries()) if (length === bits) codes[symbol] = next++;
  return codes;
}

const CODES = codesOf(BITS);

class Writer {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private held = 0;
  private count = 0;

  /** Writes a number, lowest bit first. */
  number(value: number, bits: number): void {
    this.held |= value << this.count;
    this.count += bits;
    while (this.count >= 8) {
      this.byte(this.held & 255);
      this.held >>>= 8;
      this.count -= 8;
    }
  }

  /** Writes the code of a symbol, highest bit first. */
  code(symbol: number, codes = CODES, bits = BITS): void {
    const value = codes[symbol] ?? 0;
    for (let bit = (bits[symbol] ?? 0) - 1; bit >= 0; bit -= 1) this.number((value >> bit) & 1, 1);
  }

  /** Opens the only block, with the code that it is in. */
  open(): void {
    this.number(0b101, 3);
    this.number(BITS.length - 257, 5);
    this.number(0, 5); // one distance
    this.number(SENT_IN_ORDER.length - 4, 4);
    for (const bits of SENT_IN_ORDER) this.number(BITS_OF_BITS[bits] ?? 0, 3);
    const codes = codesOf(BITS_OF_BITS);
    for (const bits of [...BITS, 1]) this.code(bits, codes, BITS_OF_BITS);
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = value;
  }

  done(): Uint8Array {
    if (this.count > 0) this.byte(this.held & 255);
    this.held = 0;
    this.count = 0;
    return this.bytes.subarray(0, this.length);
  }
}

/** Gives what the runs say, packed as zlib has it. */
export function deflateRuns(runs: Iterable<readonly [value: number, length: number]>): Uint8Array {
  const writer = new Writer();
  const sum = new Adler();
  writer.byte(0x78);
  writer.byte(0x01);
  writer.open();
  let [value, length] = [-1, 0];
  for (const [next, more] of runs) {
    if (next === value) {
      length += more;
      continue;
    }
    writeRun(writer, value, length);
    sum.add(value, length);
    [value, length] = [next, more];
  }
  writeRun(writer, value, length);
  sum.add(value, length);
  writer.code(END);
  const packed = writer.done();
  const out = new Uint8Array(packed.length + 4);
  out.set(packed);
  new DataView(out.buffer).setUint32(packed.length, sum.value);
  return out;
}

function writeRun(writer: Writer, value: number, length: number): void {
  if (length === 0) return;
  writer.code(value);
  for (let left = length - 1; left > 0; ) {
    // Fewer than three are written out.
    if (left < 3) {
      writer.code(value);
      left -= 1;
      continue;
    }
    const take = Math.min(left, LONGEST);
    const [base, code, bits] = LENGTH_CODES.findLast(([least]) => least <= take) ?? [3, 257, 0];
    writer.code(code);
    writer.number(take - base, bits);
    writer.number(0, 1); // one byte back
    left -= take;
  }
}

/** Zlib's sum over runs. */
class Adler {
  private a = 1;
  private b = 0;

  add(value: number, length: number): void {
    // In pieces, so that no product leaves the whole numbers.
    for (let left = length; left > 0; ) {
      const n = Math.min(left, 4096);
      this.b = (this.b + n * this.a + (value * n * (n + 1)) / 2) % 65521;
      this.a = (this.a + value * n) % 65521;
      left -= n;
    }
  }

  get value(): number {
    return ((this.b << 16) | this.a) >>> 0;
  }
}
