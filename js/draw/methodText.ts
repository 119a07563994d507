import { isPerHead, type Method } from "../frame/method";

const NAMES: Record<Method, string> = {
  attention: "attention",
  rollout: "rollout",
  gradient_flow: "gradient flow",
  relevance: "relevance",
  max_flow: "max-flow",
};

export const METHODS = Object.keys(NAMES) as Method[];

/** What a method is called in a sentence. */
export function methodName(method: Method): string {
  return NAMES[method];
}

/** What one of its values is called. */
export function nameOfValues(method: Method): string {
  return method === "attention" ? "weight" : methodName(method);
}

/** "layer 3" or, of a method that goes through the layers, "layers 0 to 3 together". */
export function layersInWords(method: Method, layer: number): string {
  return isPerHead(method) || layer === 0 ? `layer ${layer}` : `layers 0 to ${layer} together`;
}

/** Why all heads are fused; null where every head has its picture. */
export function fusedNote(method: Method): string | null {
  if (isPerHead(method)) return null;
  return `${capital(methodName(method))} has no picture per head: all heads fused`;
}

/** The first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
