// What the extension host loads in place of the suite: it sends what the suite prints to the shim's file, and
// marks that the suite came to its end. A host that dies has no mark, whatever exit code is reported.
const fs = require('node:fs');
const util = require('node:util');

exports.run = async () => {
  const { AESRM_SUITE, AESRM_SUITE_REPORT } = process.env;
  const fd = fs.openSync(AESRM_SUITE_REPORT, 'a');
  const print = (...values) => void fs.writeSync(fd, util.format(...values) + '\n');
  // What mocha reports with; an accessor whose setter does nothing in an extension host. The others carry the
  // workbench's own complaints and stay where they are.
  Object.defineProperty(console, 'log', { configurable: true, writable: true, value: print });
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (/** @type {string | Uint8Array} */ chunk, ...rest) => {
      fs.writeSync(fd, Buffer.from(chunk));
      rest.find((value) => typeof value === 'function')?.();
      return true;
    };
  }
  try {
    const result = await require(AESRM_SUITE).run();
    fs.writeFileSync(`${AESRM_SUITE_REPORT}.ended`, '');
    return result;
  } catch (error) {
    print(error?.stack ?? error);
    throw error;
  }
};
