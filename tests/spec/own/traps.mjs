// node's words for a trap → the specification's; several where node does not tell them apart. Throws what is no trap.
export function trapText(error) {
  const m = error.message;
  if (error instanceof RangeError && m.includes('call stack')) return ['call stack exhausted'];
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  switch (m) {
    case 'unreachable': return ['unreachable'];
    case 'divide by zero': case 'remainder by zero': return ['integer divide by zero'];
    case 'divide result unrepresentable': return ['integer overflow'];
    case 'float unrepresentable in integer range': return ['integer overflow', 'invalid conversion to integer'];
    case 'memory access out of bounds': return ['out of bounds memory access'];
    case 'operation does not support unaligned accesses': return ['unaligned atomic'];
    case 'table index is out of bounds': return ['undefined element', 'out of bounds table access'];
    case 'table access out of bounds': case 'element segment out of bounds': return ['out of bounds table access'];
    case 'null function or function signature mismatch': return ['uninitialized element', 'indirect call type mismatch'];
    default: throw new Error(`node's trap "${m}" has no translation`);
  }
}

export const isNan = (t, b) => t === 'f32' ? (b & 0x7fffffffn) > 0x7f800000n : t === 'f64' && (b & ~(1n << 63n)) > 0x7ff0000000000000n;
