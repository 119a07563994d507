const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** The CRC-32 of zip and PNG; unlike the browser's own hashes also there on pages without https. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  // Counted: a loop over the values themselves takes three times as long.
  for (let i = 0; i < bytes.length; i++) {
    value = (value >>> 8) ^ (TABLE[(value ^ (bytes[i] as number)) & 0xff] as number);
  }
  return (value ^ 0xffffffff) >>> 0;
}
