import type { HubModel } from '../../core/local/hub';
import { problem } from '../../core/problem';

const ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;
const REVISION = /^[\w][\w./-]*$/;
const EXAMPLE = 'Write it as owner/name, or as the address of its page.';

/** What a user wrote, or pasted from a browser, as a model of a hub. */
export function parseSource(source: string, hub: string): HubModel {
  const text = source.trim();
  const isAddress = /^https?:\/\//i.test(text);
  const { base, rest } = isAddress ? splitAddress(text) : { base: baseOf(hub), rest: text };
  const [path, at] = rest.split('@');
  const [owner, name, tree, ...revision] = (path ?? '').split('/').filter((part) => part !== '');
  const id = `${owner ?? ''}/${name ?? ''}`;
  const named =
    at ?? (tree === 'tree' || tree === 'blob' || tree === 'resolve' ? revision.join('/') : undefined);
  const isMore = tree !== undefined && named === undefined;
  if (!ID.test(id) || isMore || id.includes('..'))
    throw problem('downloadFailed', `"${text}" names no model of a hub.`, EXAMPLE);
  const wanted = named === undefined || named === '' ? 'main' : named;
  if (!REVISION.test(wanted) || wanted.includes('..'))
    throw problem('downloadFailed', `"${wanted}" names no revision of a model.`, EXAMPLE);
  return { base, id, revision: wanted };
}

/** Plain http is for this machine only: what is fetched is run. */
function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw problem('downloadFailed', `"${text}" is not the address of a hub.`, 'Correct "aesrm.modelHub".');
  refuseSecrets(url);
  if (url.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    throw problem('downloadFailed', `"${url.host}" is reached without encryption.`, 'Use an https address.');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A mirror may lie below a path: the last two parts before `/tree/` are the model. */
function splitAddress(text: string): { base: string; rest: string } {
  if (!URL.canParse(text)) throw problem('downloadFailed', `"${text}" is not an address.`, EXAMPLE);
  const url = new URL(text);
  refuseSecrets(url);
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const tree = parts.findIndex((part) => part === 'tree' || part === 'blob' || part === 'resolve');
  const from = Math.max(0, (tree === -1 ? parts.length : tree) - 2);
  const prefix = parts.slice(0, from).map((part) => `/${part}`);
  return {
    base: baseOf(`${url.origin}${prefix.join('')}`),
    rest: decodeURIComponent(parts.slice(from).join('/')),
  };
}

/** They would be kept in the model's record, and shown. */
function refuseSecrets({ username, password }: URL): void {
  if (username !== '' || password !== '')
    throw problem('downloadFailed', 'The address of a hub may not hold a name and a password.');
}
