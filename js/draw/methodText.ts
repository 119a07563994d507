import { type MethodRow, signsOf } from "../frame/method";

/** The reason why all heads are fused; null where every head has its picture. */
export function fusedNote({ per_head, title }: MethodRow): string | null {
  return per_head ? null : `${capital(title)} has no picture per head: all heads fused`;
}

/** "raises the target by 0.12"; of a method without signs, the number alone. */
export function valueInWords(method: MethodRow, value: number, number: string): string {
  if (!method.signed || value === 0) return number;
  const [raises, lowers] = signsOf(method);
  return `${value < 0 ? lowers : raises} by ${number.replace("−", "")}`;
}

/** "the largest weight" or, of values with signs, "the effect of largest magnitude". */
export function largestInWords({ signed, values }: MethodRow): string {
  return signed ? `the ${values} of largest magnitude` : `the largest ${values}`;
}

/** The first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
