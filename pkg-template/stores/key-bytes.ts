// Texts as bytes: each code unit by itself as in UTF-8 (CESU-8), so that any text is there and back the same, also one
// with half of a pair; a text that begins with another does so in bytes; and bytes have the order that JavaScript
// gives to texts. ASCII is itself. No byte is greater than 0xef.

export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 63));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63));
  }
  return Uint8Array.from(bytes);
}

/** The text of bytes that `bytesOfText` has made. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index++] as number;
    const next = () => (bytes[index++] as number) & 63;
    const unit = first < 0x80 ? first : first < 0xe0 ? ((first & 31) << 6) | next() : ((first & 15) << 12) | (next() << 6) | next();
    text += String.fromCharCode(unit);
  }
  return text;
}
