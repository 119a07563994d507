/** How scores come about, and what each way of it depends on. */
export type Method = "attention" | "rollout" | "gradient_flow" | "relevance" | "max_flow";

/** What gradients are taken of; null stands for the default of the model's head. */
export interface Target {
  kind: "logit" | "log_prob" | "hidden";
  /** Null where the model's head has no positions, or for its default one. */
  position: number | null;
  /** Of the token or the class; null for the most probable one. */
  index: number | null;
}

/** A method and its settings, as every want of scores holds them. */
export interface MethodWant {
  method: Method;
  discard_ratio: number;
  target: Target | null;
}

/** Whether every head has a picture of its own; the other methods show all heads fused. */
export function isPerHead(method: Method): boolean {
  return method === "attention" || method === "gradient_flow";
}

export function usesTarget(method: Method): boolean {
  return method === "gradient_flow" || method === "relevance";
}

export function usesDiscardRatio(method: Method): boolean {
  return method === "rollout";
}

/** Whether a row's values are shares of a whole, in [0, 1]. */
export function hasShares(method: Method): boolean {
  return method === "attention" || method === "rollout";
}

/** Relevance has a rule of its own for putting heads together. */
export function usesFusion(method: Method): boolean {
  return method !== "relevance";
}

/** What tells two wants apart as far as the method goes: settings it does not use make no difference. */
export function methodKey({ method, discard_ratio, target }: MethodWant): unknown[] {
  const node = target && [target.kind, target.position, target.index];
  return [
    method,
    usesDiscardRatio(method) ? discard_ratio : null,
    usesTarget(method) ? node : null,
  ];
}
