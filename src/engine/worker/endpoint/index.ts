import { byModel, type EndpointConfig } from '../../../core/endpoint/config';
import { problem } from '../../../core/problem';
import type { Carrier } from '../../carrier';
import { EndpointCarrier, type EndpointPorts } from './carrier';

export type { EndpointPorts } from './carrier';

/**
 * Opens a carrier over chat-completions servers that all serve the same model (see `byModel`): each is asked what it
 * is. In the worker, `ports.access` is the host's method `endpointAccess`, which asks for consent and knows the keys.
 * Rejects with a `ProblemError` where no endpoint will do; one that is down is tried again later.
 */
export async function openEndpointCarrier(
  endpoints: readonly EndpointConfig[],
  ports: EndpointPorts,
  signal?: AbortSignal,
): Promise<Carrier> {
  if (endpoints.length === 0)
    throw problem('endpointInvalid', 'There is no endpoint.', 'Name one in "aesrm.endpoints".');
  if (byModel(endpoints).size > 1)
    throw problem('endpointInvalid', 'The endpoints of one judge have to serve the same model.');
  const carrier = new EndpointCarrier(endpoints, ports);
  try {
    await carrier.open(signal);
    return carrier;
  } catch (error) {
    await carrier.dispose();
    throw error;
  }
}
