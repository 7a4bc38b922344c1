/** All routes of the console. A screen adds its route here and its line in `navigation.ts`. */
import { createRouter } from '@tanstack/react-router';
import { rootRoute } from './root-route.ts';
import { accessRoute } from './screens/access/route.ts';
import { auditRoute } from './screens/audit/route.ts';
import { homeRoute } from './screens/home/route.ts';
import { overviewRoute } from './screens/overview/route.ts';
import { providersRoute } from './screens/providers/route.ts';
import { riskRoute } from './screens/risk/route.ts';
import { rolesRoute } from './screens/roles/route.ts';
import { serviceAccountRoute } from './screens/service-account/route.ts';
import { serviceAccountsRoute } from './screens/service-accounts/route.ts';
import { settingsRoute } from './screens/settings/route.ts';
import { signingKeysRoute } from './screens/signing-keys/route.ts';
import { userRoute } from './screens/user/route.ts';
import { usersRoute } from './screens/users/route.ts';
import { webhookRoute } from './screens/webhook/route.ts';
import { webhooksRoute } from './screens/webhooks/route.ts';
import { publicPath } from './session/addresses.ts';

export const router = createRouter({
  basepath: `${publicPath}/console`,
  routeTree: rootRoute.addChildren([
    homeRoute,
    overviewRoute,
    usersRoute,
    userRoute,
    rolesRoute,
    auditRoute,
    riskRoute,
    accessRoute,
    serviceAccountsRoute,
    serviceAccountRoute,
    webhooksRoute,
    webhookRoute,
    providersRoute,
    settingsRoute,
    signingKeysRoute,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
