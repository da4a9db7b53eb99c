/** As much of an answer as these doors touch. */
export interface Reply {
  status(code: number): this;
  header(name: string, value: string): this;
}
