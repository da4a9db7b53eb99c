const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?|::ffff:127(\.\d{1,3}){3})$/i;

/** Whether a host name or address means this machine itself. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);
