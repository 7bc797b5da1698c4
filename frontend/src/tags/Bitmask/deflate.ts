/** Deflate for bytes that come in runs, with the fixed code: every run is one byte, and copies of it. */

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

  /** Writes a code of the fixed tree, highest bit first. */
  code(symbol: number): void {
    const [value, bits] =
      symbol < 144
        ? [0x30 + symbol, 8]
        : symbol < 256
          ? [0x190 + symbol - 144, 9]
          : symbol < 280
            ? [symbol - 256, 7]
            : [0xc0 + symbol - 280, 8];
    for (let bit = bits - 1; bit >= 0; bit -= 1) this.number((value >> bit) & 1, 1);
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
  writer.number(1, 1);
  writer.number(1, 2);
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
  writer.code(256);
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
    for (let bit = 0; bit < 5; bit += 1) writer.number(0, 1); // one byte back
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
