/** Pixels of the picture for each of its own: sharp on paper. */
export const SCALE = 3;
/** Browsers draw no canvas with a longer side. */
const LONGEST_SIDE = 16_000;

/** An SVG as PNG. */
export async function rasterised(svg: Blob, page: Document): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = page.createElement("img");
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = Math.min(SCALE, LONGEST_SIDE / Math.max(width, height));
    const canvas = page.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!png) throw new Error("This browser cannot make so large a PNG: save the SVG.");
    return png;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Hands a file to the browser's downloads. */
export function download(file: Blob, name: string, page: Document): void {
  const url = URL.createObjectURL(file);
  const link = page.createElement("a");
  link.href = url;
  link.download = name;
  // VS Code, whose frames may not download, hears of clicks in the page only.
  page.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
