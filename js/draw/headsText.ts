/** "head 5", "heads 1, 4 and 7". */
export function namesOfHeads(heads: number[]): string {
  if (heads.length === 1) return `head ${heads[0]}`;
  return `heads ${heads.slice(0, -1).join(", ")} and ${heads.at(-1)}`;
}
