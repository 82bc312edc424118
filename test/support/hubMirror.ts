import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export const ID = 'someone/tiny-ONNX';
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** What goes wrong with the next answers; each is used up by one request for a file's content. */
export type Fault =
  | { none: true }
  | { cutAfter: number }
  | { status: number }
  | { ignoreRange: true }
  | { otherBytes: true }
  | { tooLong: true }
  | { stallAfter: number };

/**
 * A hub as the Hugging Face Hub is to its own client (huggingface_hub, hf_api.py: `model_info` asks
 * `/api/models/ID/revision/REVISION?blobs=True`; content is at `/ID/resolve/COMMIT/PATH`, in ranges). Files over a limit
 * are in LFS, with a SHA-256; the others have git's hash. Below a path, as a mirror may be.
 */
export class HubMirror {
  readonly requests: { path: string; range: string | undefined }[] = [];
  readonly faults: Fault[] = [];
  /** Hears of each chunk of a file's content that leaves. */
  onSent: (() => void) | undefined;
  /** What the listing says instead. */
  listing: (siblings: Record<string, unknown>[]) => unknown = (siblings) => ({
    ...{ sha: COMMIT, cardData: { license: 'apache-2.0' }, siblings },
  });
  private server: Server | undefined;

  constructor(private readonly folder: string) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => this.serve(request, response));
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hub`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
  }

  /** Requests for a file's content. */
  contentRequests(path: string) {
    return this.requests.filter((r) => r.path.endsWith(`/resolve/${COMMIT}/${path}`));
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    this.requests.push({ path, range: request.headers.range });
    if (
      path === `/hub/api/models/${ID}/revision/main` ||
      path === `/hub/api/models/${ID}/revision/${COMMIT}`
    ) {
      response.end(JSON.stringify(this.listing(this.siblings())));
      return;
    }
    const prefix = `/hub/${ID}/resolve/${COMMIT}/`;
    const file = path.startsWith(prefix) ? join(this.folder, path.slice(prefix.length)) : undefined;
    if (!file || !statSync(file, { throwIfNoEntry: false })?.isFile())
      return void response.writeHead(404).end();
    this.sendFile(readFileSync(file), request.headers.range, response);
  }

  private sendFile(content: Buffer, range: string | undefined, response: ServerResponse): void {
    const fault = this.faults.shift() ?? { none: true };
    if ('status' in fault) return void response.writeHead(fault.status).end();
    const from = 'ignoreRange' in fault ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (from >= content.length) return void response.writeHead(416).end();
    const bytes = 'otherBytes' in fault ? Buffer.alloc(content.length, 7) : content;
    const body = Buffer.concat([bytes.subarray(from), Buffer.alloc('tooLong' in fault ? 10 : 0)]);
    const head = { 'content-length': body.length, 'accept-ranges': 'bytes' };
    if (from > 0) {
      const total = content.length;
      response.writeHead(206, { ...head, 'content-range': `bytes ${from}-${total - 1}/${total}` });
    } else response.writeHead(200, head);
    const end = 'cutAfter' in fault ? fault.cutAfter : 'stallAfter' in fault ? fault.stallAfter : body.length;
    response.write(body.subarray(0, end), () => {
      this.onSent?.();
      if ('cutAfter' in fault) response.destroy();
      else if (!('stallAfter' in fault)) response.end();
    });
  }

  private siblings(): Record<string, unknown>[] {
    return filesIn(this.folder).map((rfilename) => {
      const content = readFileSync(join(this.folder, rfilename));
      const size = content.length;
      const blobId = createHash('sha1').update(`blob ${size}\0`).update(content).digest('hex');
      const sha256 = createHash('sha256').update(content).digest('hex');
      const lfs = size > 20_000 ? { lfs: { size, sha256, pointerSize: 131 } } : {};
      return { rfilename, size, blobId, ...lfs };
    });
  }
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) =>
    join(parentPath, name)
      .slice(folder.length + 1)
      .replaceAll('\\', '/'),
  );
}
