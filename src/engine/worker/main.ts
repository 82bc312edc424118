import type { EngineHostMethods, EngineMethods } from '../../protocol/engine';
import { Endpoint } from '../../protocol/rpc';
import type { Log } from '../ports';
import { parentTransport } from '../transport';
import { restoreLibraryPath } from '../gpu/libraryPath';
import { TRIAL } from './gpu/trial';
import { tryDevice } from './gpu/trialProgram';
import { createHandlers } from './handlers';

/** The forked program: it does what its parent asks, and leaves when its parent is gone. */
function main(): void {
  const log: Log = (level, text, opening, weighs) => {
    const line = {
      ...{ level, text },
      ...(opening === undefined ? {} : { opening }),
      ...(weighs === undefined ? {} : { weighs }),
    };
    void endpoint.call('log', line).catch(() => undefined);
  };
  const endpoint: Endpoint<EngineHostMethods, EngineMethods> = new Endpoint(
    parentTransport(),
    createHandlers(log, (origin) => endpoint.call('endpointAccess', { origin })),
    (error) => log('warn', `unknown message: ${String(error)}`),
  );
  process.on('disconnect', leave);
  process.on('SIGTERM', leave);
  // Ctrl+C in a terminal is the parent's to answer.
  process.on('SIGINT', () => undefined);
  // A file at the size limit of this user is a failed write, not the end; the lock's library would end it.
  process.on('SIGXFSZ', () => undefined);
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}

function die(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

/** At once, with every ffmpeg that was started: the worker leads its own process group where there are such. */
function leave(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(0);
  }
}

restoreLibraryPath();
if (process.argv[2] === TRIAL) void tryDevice(process.argv.slice(3));
else if (process.send) main();
else
  process.stderr.write('This is the engine of AesRM Review; it is started by the extension or by aesrm.\n');
