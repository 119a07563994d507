/** Scrolls a row of a list into sight, with some of its neighbours, below a head that stays. */
export function revealRow(
  list: HTMLElement,
  position: number,
  rowHeight: number,
  head: number,
): void {
  const top = position * rowHeight;
  const room = list.clientHeight - head;
  const margin = Math.min(2 * rowHeight, room / 4);
  if (top - margin < list.scrollTop) list.scrollTop = top - margin;
  const bottom = top + rowHeight + margin - room;
  if (bottom > list.scrollTop) list.scrollTop = bottom;
}
