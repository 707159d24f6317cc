// Exact fractions of whole numbers, and marks as whole millionths. Numbers with a floating point decide nothing.

export const MILLION = 1_000_000n;
export const ZERO = { n: 0n, d: 1n };

// A decimal string in millionths: "8.5" is 8500000.
export function millionths(text) {
  const found = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  if (!found) throw new TypeError(`not a decimal: ${text}`);
  const size = BigInt(found[2]) * MILLION + BigInt((found[3] ?? "").padEnd(6, "0"));
  return found[1] ? -size : size;
}

export const fraction = (text) => ({ n: millionths(text), d: MILLION });
export const times = (a, b) => ({ n: a.n * b.n, d: a.d * b.d });
export const over = (a, b) => (b.n < 0n ? { n: -a.n * b.d, d: -a.d * b.n } : { n: a.n * b.d, d: a.d * b.n });
export const plus = (a, b) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const sum = (values) => values.reduce((total, value) => total + value, 0n);

export function compare(a, b) {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

// Six places, half to even, once.
export function sixPlaces({ n, d }) {
  const size = (n < 0n ? -n : n) * MILLION;
  let scaled = size / d;
  const twice = 2n * (size % d);
  if (twice > d || (twice === d && scaled % 2n)) scaled += 1n;
  const places = String(scaled % MILLION).padStart(6, "0");
  return `${n < 0n && scaled ? "-" : ""}${scaled / MILLION}.${places}`;
}
