/** An application with one form of `@postern/react` on each path, in the strict mode of React. */
import { createPosternClient } from '@postern/client';
import {
  de,
  en,
  PosternProvider,
  RequirePermission,
  SignedIn,
  SignedOut,
  useSession,
  useSignOut,
} from '@postern/react';
import * as forms from '@postern/react/forms';
import '@postern/react/styles.css';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const client = createPosternClient({ url: '/' });

const gates: Record<string, ReactNode> = {
  '/sign-in': <forms.SignIn forgotPassword={<a href="/forgot-password">Forgot password?</a>} />,
  '/register': <forms.Register />,
  '/forgot-password': <forms.ForgotPassword />,
  '/reset-password': <forms.ResetPassword requestNew={<a href="/forgot-password">Request a new link</a>} />,
  '/accept-invitation': <forms.AcceptInvitation />,
  '/verify-email': <forms.VerifyEmail />,
  '/confirm-email': <forms.ConfirmEmail />,
  '/confirm-passkey': <forms.ConfirmPasskey />,
  '/not-me': <forms.NotMe />,
};

const panels: Record<string, ReactNode> = {
  '/profile': <forms.Profile />,
  '/security': (
    <>
      <forms.ChangePassword />
      <forms.Passkeys />
      <forms.SecondFactors />
    </>
  ),
  '/sessions': <forms.Sessions />,
  '/activity': <forms.Activity />,
  '/identities': <forms.Identities />,
  '/data': (
    <>
      <forms.ExportData />
      <forms.DeleteAccount />
    </>
  ),
};

function State() {
  const { status, reason, viewer } = useSession();
  const { signOut } = useSignOut();
  return (
    <header>
      <output id="state">{[status, reason, viewer?.email].filter(Boolean).join(' ')}</output>
      <SignedIn>
        <button type="button" onClick={() => signOut()}>
          Sign out here
        </button>
      </SignedIn>
      <RequirePermission name="users:read">
        <p>You may read users.</p>
      </RequirePermission>
    </header>
  );
}

const path = location.pathname;
const language = new URLSearchParams(location.search).get('language') === 'de' ? de : en;
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');
createRoot(root).render(
  <StrictMode>
    <PosternProvider client={client} messages={language}>
      <State />
      {gates[path] && <main className="card-gate large-fields">{gates[path]}</main>}
      {panels[path] && (
        <main>
          <SignedIn>{panels[path]}</SignedIn>
          <SignedOut>Signed out.</SignedOut>
        </main>
      )}
    </PosternProvider>
  </StrictMode>,
);
