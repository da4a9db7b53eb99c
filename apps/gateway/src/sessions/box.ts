import { EncryptJWT, type JWTPayload, jwtDecrypt } from 'jose';

export interface SealingKey {
  kid: string;
  key: Uint8Array;
}
type Use = 'session' | 'return' | 'oidc';

/** Seals what a browser keeps for us. `use` is the audience: what was sealed as a way back never opens as a session. */
export class Box {
  constructor(private readonly keys: readonly SealingKey[]) {}

  seal(data: JWTPayload, use: Use, lifeSeconds: number): Promise<string> {
    const [first] = this.keys;
    if (!first) throw new Error('no sealing key');
    return new EncryptJWT(data)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: first.kid })
      .setAudience(use)
      .setExpirationTime(`${lifeSeconds}s`)
      .encrypt(first.key);
  }

  /** Undefined for anything that we did not seal for this use, or too long ago. */
  async open(sealed: string | undefined, use: Use): Promise<JWTPayload | undefined> {
    if (!sealed) return undefined;
    const key = ({ kid }: { kid?: string }) => this.keys.find((one) => one.kid === kid)?.key ?? Promise.reject(new Error('unknown key'));
    const options = { audience: use, keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
    return jwtDecrypt(sealed, key, options).then(
      ({ payload }) => payload,
      () => undefined,
    );
  }
}
