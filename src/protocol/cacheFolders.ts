/** The engine's own folder under the cache folder that it is given: what else lies there is not its to remove. */
export const CACHE_FOLDER = 'aesrm-cache-1';

/** Where in it the proxies lie, which the page may load. */
export const PROXY_FOLDER = 'proxies';

/** Where in it the stills lie, as `{hash[0..2]}/{hash}.jpg`; the sweep page may load them. */
export const THUMBNAIL_FOLDER = 'thumbnails';
