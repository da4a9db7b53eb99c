import type { StartOptions } from '@gatehouse/runtime';

/** Mail programs may send their reader's click as a form in parts (RFC 8058). What is in it is known: the link says the rest. */
export const http: StartOptions = {
  fastify: (instance) => {
    instance.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, _body, done) => done(null, {}));
  },
};
