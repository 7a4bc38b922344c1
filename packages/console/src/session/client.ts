/** The one client of the console. Its session is the one of the account pages: the same origin, the same storage. */
import { createPosternClient } from '@postern/client';
import { publicPath } from './addresses.ts';

export const client = createPosternClient({ url: `${publicPath}/`, live: true });
