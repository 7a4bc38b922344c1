'use client';
/** The client of the browser. It talks to the route handler, which keeps the tokens. */
import { createPosternClient } from '@postern/client';

/** Forms are rendered on the server first, where the client sends nothing but needs a whole address. */
const url = typeof window === 'undefined' ? 'http://localhost/api/postern' : '/api/postern';

export const client = createPosternClient({ url });
