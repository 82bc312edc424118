/** The part of the runtime's own that is used here; without the browser's types, Node's have none. */
interface Loader {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
}

const loader = (globalThis as unknown as { WebAssembly: Loader }).WebAssembly;

/** Compiles a WebAssembly module. */
export function compileWasm(bytes: Uint8Array): object {
  return new loader.Module(bytes);
}

/** What an instance of a compiled module exports. */
export function instantiateWasm(module: object): unknown {
  return new loader.Instance(module).exports;
}
