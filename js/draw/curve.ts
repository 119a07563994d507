/** Lines are cubic Béziers that leave and arrive at right angles to what they connect. */

export interface Span {
  left: number;
  right: number;
}

/** The reach of the control points into the span. */
const REACH = 0.5;

export function traceCurve(
  path: Path2D | CanvasRenderingContext2D,
  span: Span,
  from: number,
  to: number,
) {
  const reach = (span.right - span.left) * REACH;
  path.moveTo(span.left, from);
  path.bezierCurveTo(span.left + reach, from, span.right - reach, to, span.right, to);
}

/** The same, turned: the span reaches from one height down to another. */
export function traceFall(
  path: Path2D | CanvasRenderingContext2D,
  span: Span,
  from: number,
  to: number,
) {
  const reach = (span.right - span.left) * REACH;
  path.moveTo(from, span.left);
  path.bezierCurveTo(from, span.left + reach, to, span.right - reach, to, span.right);
}

/**
 * The share of the way from start to end height that every line has covered at `x`.
 *
 * All lines share their horizontal course, so one solution serves them all.
 */
export function progressAt(span: Span, x: number): number {
  const target = (x - span.left) / (span.right - span.left);
  let low = 0;
  let high = 1;
  for (let i = 0; i < 24; i++) {
    const t = (low + high) / 2;
    const rest = 1 - t;
    const reached = 3 * rest * rest * t * REACH + 3 * rest * t * t * (1 - REACH) + t ** 3;
    if (reached < target) low = t;
    else high = t;
  }
  const t = (low + high) / 2;
  return t * t * (3 - 2 * t);
}
