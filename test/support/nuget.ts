import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateRawSync } from 'node:zlib';

const ID = 'microsoft.ml.onnxruntime.gpu.linux';

export interface Mirror {
  /** The entry point, for `FetchRequest.index`. */
  index: string;
  /** What was asked for: path, and the first byte of a range. */
  asked: { path: string; from?: number }[];
  /** How the next answers with the package go wrong; each is used once. */
  faults: Fault[];
  close(): void;
}

/** Cuts the connection after so many bytes; answers with the status; ignores that a part was asked for. */
export type Fault = { cutAfter: number } | { status: number } | 'whole';

/** A registry as NuGet's, with one package. `told` overrides what it says of that. */
export async function nugetMirror(
  nupkg: Buffer,
  version: string,
  told: Record<string, unknown> = {},
): Promise<Mirror> {
  const asked: Mirror['asked'] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    asked.push({ path, ...(from === undefined ? {} : { from: Number(from) }) });
    const document = documents()[path];
    if (document) return json(response, document);
    if (path === `/flat/${ID}/${version}/${ID}.${version}.nupkg`)
      return give(response, nupkg, Number(from ?? 0), faults.shift());
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const documents = (): Record<string, object> => ({
    '/v3/index.json': {
      resources: [
        { '@id': `${base}/registration/`, '@type': 'RegistrationsBaseUrl' },
        { '@id': `${told.flat ?? `${base}/flat/`}`, '@type': 'PackageBaseAddress/3.0.0' },
      ],
    },
    [`/registration/${ID}/${version}.json`]: { catalogEntry: `${base}/catalog/entry.json` },
    '/catalog/entry.json': {
      id: 'Microsoft.ML.OnnxRuntime.Gpu.Linux',
      version,
      packageHash: createHash('sha512').update(nupkg).digest('base64'),
      packageHashAlgorithm: 'SHA512',
      packageSize: nupkg.length,
      ...told,
    },
  });
  const close = () => (server.closeAllConnections(), server.close());
  return { index: `${base}/v3/index.json`, asked, faults, close };
}

function json(response: ServerResponse, document: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}

function give(response: ServerResponse, all: Buffer, from: number, fault: Fault | undefined): void {
  if (typeof fault === 'object' && 'status' in fault) return void response.writeHead(fault.status).end();
  const start = fault === 'whole' ? 0 : from;
  const part = all.subarray(start);
  const range = { 'content-range': `bytes ${start}-${all.length - 1}/${all.length}` };
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': part.length, ...(start > 0 ? range : {}) });
  if (typeof fault !== 'object') return void response.end(part);
  response.write(part.subarray(0, fault.cutAfter), () => response.destroy());
}

/** A zip of these files; every second one is stored as it is. */
export function zip(files: Record<string, Buffer>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  Object.entries(files).forEach(([name, content], i) => {
    const method = i % 2 === 0 ? 8 : 0;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([u32(0x04034b50), common, path, packed]);
    const rest = Buffer.concat([Buffer.alloc(10), u32(0), u32(offset)]).subarray(0, 14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([u32(0x02014b50), Buffer.from([20, 0]), common, rest, path]));
    locals.push(local);
    offset += local.length;
  });
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, u32(0x06054b50), end]);
}

/** Node 20 has none of its own; what is read here does not ask for it. */
const crc = (content: Buffer) => (typeof crc32 === 'function' ? crc32(content) : 0);

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
