import { postern } from './postern';

export const proxy = postern.proxy;

export const config = {
  matcher: [
    {
      source: '/((?!_next/|favicon.ico).*)',
      // Next.js hides this header from the proxy. A browser may drop the answer to a prefetch, and with it a new session.
      missing: [{ type: 'header', key: 'next-router-prefetch' }],
    },
  ],
};
