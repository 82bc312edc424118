import { DecodeError } from '../decode';

/** Where an endpoint is, without a parser of a browser or of Node: what this refuses is sent nowhere. */
export interface Address {
  /** `scheme://host:port`, in lower case, the port always written: what keys and consent are kept under. */
  origin: string;
  /** As it is written for people: without the port where it is the scheme's own. */
  host: string;
  /** The origin and the path, without a slash at the end. */
  base: string;
  isEncrypted: boolean;
  isLoopback: boolean;
}

const URL_FORM = /^(https?):\/\/([^/?#\\]*)(\/[^?#\\]*)?$/i;
const HOST_FORM = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;
const OWN_PORT: Record<string, string> = { http: '80', https: '443' };

/** @throws DecodeError that names `at` and never repeats what may be a password */
export function decodeAddress(value: string, at: string): Address {
  const url = URL_FORM.exec(value.trim());
  if (!url)
    throw new DecodeError(`${at} is no address such as http://localhost:8000/v1 (no question mark, no #)`);
  const scheme = url[1]!.toLowerCase();
  const authority = url[2]!;
  if (authority.includes('@'))
    throw new DecodeError(`${at} holds a name or a password; keep the key with "AesRM: Set Endpoint Key…"`);
  const parts = HOST_FORM.exec(authority);
  const port = parts?.[2] ?? OWN_PORT[scheme]!;
  if (!parts || Number(port) < 1 || Number(port) > 65535) throw new DecodeError(`${at} names no host`);
  const name = parts[1]!.toLowerCase();
  const origin = `${scheme}://${name}:${Number(port)}`;
  return {
    origin,
    host: hostOf(origin),
    base: `${origin}${pathOf(url[3] ?? '')}`,
    isEncrypted: scheme === 'https',
    isLoopback: isLoopback(name),
  };
}

/** An origin as it is written for people. */
export function hostOf(origin: string): string {
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.*)$/.exec(origin) ?? [];
  return rest.replace(new RegExp(`:${OWN_PORT[scheme]}$`), '');
}

/** People paste the whole address of the method as often as its base. */
function pathOf(path: string): string {
  return path.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
}

/** Only what is written as such: a name that merely resolves to this machine asks for consent. */
function isLoopback(name: string): boolean {
  return (
    name === 'localhost' || name === '[::1]' || /^127(\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3}$/.test(name)
  );
}
