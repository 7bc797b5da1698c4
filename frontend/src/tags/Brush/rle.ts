/**
 * The run-length code of brush masks: a bit stream over the RGBA bytes of the whole picture.
 *
 * Most significant bit first: 32 bits number of values, 5 bits word size less one, four times 4 bits run length
 * sizes less one; then blocks of 1 bit flag, 2 bits choosing a size, the run length less one, and one word to
 * repeat (flag 1) or as many words as the length (flag 0). It is not the run-length code of COCO.
 * Neither way makes the RGBA picture: only every fourth value, alpha, is looked at or written.
 */
import { EMPTY_MASK, type Mask, maskOf } from "../../canvas/geometry/masks";
import type { Size } from "../../canvas/geometry/points";

const WORD_BITS = 8;
const LENGTH_BITS = [3, 4, 8, 16] as const;
const LONGEST = 65536;

/** Gives the mask in a code, or null when it is not one of a picture of this size. */
export function decodeRle(code: ArrayLike<number>, size: Size): Mask | null {
  const reader = new BitReader(code);
  const pixels = size.width * size.height;
  if (reader.read(32) !== pixels * 4) return null;
  const wordBits = reader.read(5) + 1;
  const sizes = [0, 1, 2, 3].map(() => reader.read(4) + 1);
  const alpha = new Uint8Array(pixels);
  let at = 0;
  while (at < pixels * 4) {
    if (reader.isOver) return null;
    const repeats = reader.read(1) === 1;
    const length = reader.read(sizes[reader.read(2)] as number) + 1;
    const end = Math.min(at + length, pixels * 4);
    if (repeats) {
      // Alpha is the value before each fourth: pixel n has it at 4n + 3.
      const word = reader.read(wordBits);
      if (word !== 0) alpha.fill(word, Math.ceil((at - 3) / 4), Math.max(0, Math.floor((end - 4) / 4) + 1));
      at = end;
      continue;
    }
    for (; at < end; at += 1) {
      const word = reader.read(wordBits);
      if ((at & 3) === 3) alpha[at >> 2] = word;
    }
  }
  return pixels === 0 ? EMPTY_MASK : maskOf(alpha, size);
}

/** Gives the code of a mask on a picture of this size: whole pixels, opaque or nothing. */
export function encodeRle(mask: Mask, size: Size): number[] {
  const writer = new BitWriter();
  writer.write(size.width * size.height * 4, 32);
  writer.write(WORD_BITS - 1, 5);
  for (const bits of LENGTH_BITS) writer.write(bits - 1, 4);
  let value = 0;
  let run = 0;
  const flush = () => {
    for (let left = run * 4; left > 0; left -= LONGEST) writeRun(writer, value, Math.min(left, LONGEST));
  };
  const push = (next: number, length: number) => {
    if (length === 0) return;
    if (next !== value && run > 0) {
      flush();
      run = 0;
    }
    value = next;
    run += length;
  };
  const after = size.width - mask.x - mask.width;
  push(0, mask.y * size.width);
  for (let y = 0; y < mask.height; y += 1) {
    push(0, mask.x);
    for (let x = 0; x < mask.width; x += 1) push(mask.data[y * mask.width + x] === 0 ? 0 : 255, 1);
    push(0, after);
  }
  push(0, (size.height - mask.y - mask.height) * size.width);
  flush();
  return writer.bytes();
}

function writeRun(writer: BitWriter, value: number, length: number): void {
  const choice = LENGTH_BITS.findIndex((bits) => length <= 1 << bits);
  writer.write(1, 1);
  writer.write(choice, 2);
  writer.write(length - 1, LENGTH_BITS[choice] as number);
  writer.write(value, WORD_BITS);
}

class BitReader {
  private at = 0;

  constructor(private readonly bytes: ArrayLike<number>) {}

  get isOver(): boolean {
    return this.at >= this.bytes.length * 8;
  }

  read(bits: number): number {
    let value = 0;
    let left = bits;
    while (left > 0) {
      const inByte = 8 - (this.at & 7);
      const take = Math.min(left, inByte);
      const byte = this.bytes[this.at >> 3] ?? 0;
      value = value * 2 ** take + ((byte >> (inByte - take)) & ((1 << take) - 1));
      this.at += take;
      left -= take;
    }
    return value;
  }
}

class BitWriter {
  private readonly done: number[] = [];
  private byte = 0;
  private filled = 0;

  write(value: number, bits: number): void {
    for (let left = bits; left > 0; ) {
      const take = Math.min(left, 8 - this.filled);
      const part = Math.floor(value / 2 ** (left - take)) & ((1 << take) - 1);
      this.byte = (this.byte << take) | part;
      this.filled += take;
      left -= take;
      if (this.filled < 8) continue;
      this.done.push(this.byte);
      this.byte = 0;
      this.filled = 0;
    }
  }

  bytes(): number[] {
    return this.filled === 0 ? this.done : [...this.done, this.byte << (8 - this.filled)];
  }
}
