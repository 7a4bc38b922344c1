/** The session of Postern on the server. Only server code imports it. */
import { createPosternNext } from '@postern/react/next';

export const postern = createPosternNext({
  url: process.env.POSTERN_URL ?? 'http://localhost:4000',
  cookieSecret: process.env.COOKIE_SECRET ?? '',
  publicPaths: ['/'],
});
