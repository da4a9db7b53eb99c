export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}
/** Somebody at the gateway: with a bearer token, as a product's frontend, or with the session cookie, as a browser of ours. */
export declare class Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  private readonly gateway;
  private readonly bearer;
  private cookies;
  constructor(o: {
    id: string;
    name: string;
    email: string;
    gateway: string;
    bearer?: () => Promise<string>;
  });
  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>>;
  post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<Answer<T>>;
  delete<T = Record<string, unknown>>(path: string): Promise<Answer<T>>;
  private call;
}
