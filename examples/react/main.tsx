/** Sign-in, second step, passkeys and sessions in one page. */
import { createPosternClient } from '@postern/client';
import { PosternProvider, SignedIn, SignedOut, useSession, useSignOut } from '@postern/react';
import { ChangePassword, Passkeys, SecondFactors, Sessions, SignIn } from '@postern/react/forms';
import '@postern/react/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const client = createPosternClient({ url: '/' });

function Account() {
  const { viewer } = useSession();
  const { signOut } = useSignOut();
  return (
    <main className="acct">
      <p>
        {viewer?.displayName ?? viewer?.email}{' '}
        <button type="button" className="btn" onClick={() => signOut()}>
          Sign out
        </button>
      </p>
      <ChangePassword />
      <Passkeys />
      <SecondFactors />
      <Sessions level={2} />
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <PosternProvider client={client}>
      <SignedOut>
        <main className="card-gate large-fields">
          <SignIn />
        </main>
      </SignedOut>
      <SignedIn>
        <Account />
      </SignedIn>
    </PosternProvider>
  </StrictMode>,
);
