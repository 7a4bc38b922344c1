/** The one client of the console. Its session is the one of the account pages: the same origin, the same storage. */
import { createPosternClient } from '@postern/client';
import { queryClient } from '../data/query-client.ts';
import { publicPath } from './addresses.ts';
import { goToSignIn } from './sign-in.ts';

export const client = createPosternClient({
  url: `${publicPath}/`,
  onSessionEnd: ({ reason }) => {
    // Nothing of the old session may stay on the screen or in the cache, not even for the next user.
    queryClient.clear();
    if (reason === 'REPLACED') window.location.reload();
    else goToSignIn();
  },
});
