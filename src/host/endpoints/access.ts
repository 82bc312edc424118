import { workspace, type Memento, type SecretStorage } from 'vscode';
import type { EndpointConfig } from '../../core/endpoint/config';
import type { EndpointAccess } from '../../protocol/engine';
import { showWarning } from '../notices';
import { endpointTexts } from './texts';

const CONSENT = 'aesrm.endpoints.consent';
const secretOf = (origin: string) => `aesrm.endpointKey ${origin}`;

/**
 * Who may be sent frames, and with which key. Both are kept by origin: a key that was given for https is not sent over
 * http. Keys are in the secret storage alone; consent is this machine's, and is not synchronised.
 */
export class EndpointAccessKeeper {
  /** Questions that are open: many requests wait for the answer to one. */
  private readonly asked = new Map<string, Promise<boolean>>();
  /** Until the window is reloaded: who said no is not asked for every pair. */
  private readonly declined = new Set<string>();

  constructor(
    private readonly secrets: SecretStorage,
    private readonly memory: Memento,
    private readonly endpoints: () => EndpointConfig[],
  ) {}

  /** What the engine asks each time before it sends anything. Only an origin of the user's own settings is answered. */
  readonly access = async (origin: string): Promise<EndpointAccess> => {
    const address = this.endpoints()
      .map((endpoint) => endpoint.address)
      .find((known) => known.origin === origin);
    if (!address || !workspace.isTrusted) return { allowed: false };
    if (!address.isLoopback && !(await this.consent(origin, false))) return { allowed: false };
    const key = await this.secrets.get(secretOf(origin));
    return { allowed: true, ...(key === undefined ? {} : { key }) };
  };

  /** Origins that frames may be sent to, this machine's own aside. */
  get allowed(): readonly string[] {
    return this.memory.get<string[]>(CONSENT) ?? [];
  }

  /** Asks for consent once; `again` also after a no. */
  consent(origin: string, again: boolean): Promise<boolean> {
    if (this.allowed.includes(origin)) return Promise.resolve(true);
    if (this.declined.has(origin) && !again) return Promise.resolve(false);
    const question = this.asked.get(origin) ?? this.ask(origin);
    this.asked.set(origin, question);
    return question;
  }

  async revoke(origin: string): Promise<void> {
    this.declined.add(origin);
    await this.memory.update(
      CONSENT,
      this.allowed.filter((other) => other !== origin),
    );
  }

  async hasKey(origin: string): Promise<boolean> {
    return (await this.secrets.get(secretOf(origin))) !== undefined;
  }

  /** @param key undefined removes it */
  async setKey(origin: string, key: string | undefined): Promise<void> {
    if (key === undefined) await this.secrets.delete(secretOf(origin));
    else await this.secrets.store(secretOf(origin), key);
  }

  private async ask(origin: string): Promise<boolean> {
    try {
      const { question, detail, allow } = endpointTexts.consent(origin);
      const answer = await showWarning(question, { modal: true, detail }, allow);
      if (answer !== allow) {
        this.declined.add(origin);
        return false;
      }
      this.declined.delete(origin);
      await this.memory.update(CONSENT, [...new Set([...this.allowed, origin])]);
      return true;
    } finally {
      this.asked.delete(origin);
    }
  }
}
