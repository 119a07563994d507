/** Small pictures of every head of a layer; `value = (byte / 255)² * top`. */
export interface ThumbnailsFrame {
  kind: "thumbnails";
  heads: number;
  rows: number;
  columns: number;
  cells: Uint8Array;
  top: number;
}
