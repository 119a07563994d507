/** A bar to the right of zero, or to the left of it; `share` is from −1 to 1. */
export function SignBar({ share }: { share: number }) {
  const width = 50 * Math.abs(share);
  return (
    <span class="aw-bar-track aw-sign-track">
      <span
        data-sign={Math.sign(share)}
        style={{ width: `${width}%`, marginLeft: `${share < 0 ? 50 - width : 50}%` }}
      />
    </span>
  );
}
