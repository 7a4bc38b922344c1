/** The one client of the pages. The refresh token is a cookie; the access token stays in the memory of the client. */
import { createPosternClient } from '@postern/client';
import { gateway } from '../../../pages/gateway.ts';

export const client = createPosternClient({ url: window.location.origin + gateway.base, live: true });
